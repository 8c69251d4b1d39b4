import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { TraceTask } from './trace-row.js';
import { parseHeader, parseRow, type RowParser } from './trace-row.js';

/**
 * Streams the tasks of a gzipped trace, in the order of the file.
 *
 * Memory is one chunk, not the file. Closing the generator early closes the file.
 * @throws Error naming file, line and column when the trace is not well formed.
 */
export async function* readTrace(file: string): AsyncGenerator<TraceTask, void, undefined> {
  let parser: RowParser | undefined;
  let lineNumber = 0;
  let lastMs = 0;
  for await (const line of readLines(file)) {
    lineNumber += 1;
    try {
      if (parser === undefined) {
        parser = parseHeader(line);
        continue;
      }
      const task = parseRow(parser, line);
      if (task.tMs < lastMs) throw new Error(`column t_ms goes back from ${lastMs} to ${task.tMs}`);
      lastMs = task.tMs;
      yield task;
    } catch (cause) {
      throw new Error(`${file}:${lineNumber}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
  if (parser === undefined) throw new Error(`${file}:1: no header`);
}

/** Reads a whole trace into memory; see `readTrace`. */
export async function loadTrace(file: string): Promise<TraceTask[]> {
  const tasks: TraceTask[] = [];
  for await (const task of readTrace(file)) tasks.push(task);
  return tasks;
}

async function* readLines(file: string): AsyncGenerator<string, void, undefined> {
  const source = createReadStream(file);
  const text = createGunzip();
  source.on('error', (error) => text.destroy(error));
  source.pipe(text).setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of text) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    source.destroy();
    text.destroy();
  }
}
