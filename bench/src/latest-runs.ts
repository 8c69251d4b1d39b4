import { mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Under which number a process of a fleet has the file of all of them. */
export const latestRunsDescriptor = 4;

/** Opens the file for a new fleet; it is gone with the last process that has it. */
export function openLatestRuns(): number {
  const folder = mkdtempSync(join(tmpdir(), 'shunt-bench-'));
  const descriptor = openSync(join(folder, 'latest-runs'), 'w+');
  rmSync(folder, { recursive: true });
  return descriptor;
}

/**
 * Where each agent's latest task began, over all worker processes of a fleet: a byte per agent in a file of theirs. To ask Redis, or to wait for
 * any answer, would be a load beside the one that is measured.
 */
export class LatestRuns {
  private readonly byte = Buffer.alloc(1);

  /** @param worker number of this one */
  constructor(private readonly worker: number) {}

  /** A task of an agent, a letter and its number, begins here. Returns whether the one before did as well, so that the state here is the latest. */
  begin(agent: string): boolean {
    const place = Number(agent.slice(1));
    const mark = this.worker + 1;
    if (readSync(latestRunsDescriptor, this.byte, 0, 1, place) === 1 && this.byte[0] === mark) return true;
    this.byte[0] = mark;
    writeSync(latestRunsDescriptor, this.byte, 0, 1, place);
    return false;
  }
}
