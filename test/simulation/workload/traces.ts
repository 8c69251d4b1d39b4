import { fileURLToPath } from 'node:url';
import { loadTrace, type TraceTask } from '@shunt/workload';

const names = ['mooncake-conversation', 'azure-llm-2023'] as const;

/** Names a trace of the project. */
export type TraceName = (typeof names)[number];

/** Traces that scenarios replay, by name. */
export type Traces = Partial<Readonly<Record<TraceName, readonly TraceTask[]>>>;

/** Reads all traces from their folder. */
export async function loadTraces(folder: URL): Promise<Traces> {
  const pathOf = (name: TraceName) => fileURLToPath(new URL(`${name}.csv.gz`, folder));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await loadTrace(pathOf(name))])));
}
