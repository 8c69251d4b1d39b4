import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTrace, readTrace } from './trace.js';

describe('readTrace', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shunt-trace-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const traceOf = (text: string): string => {
    const file = join(folder, 'trace.csv.gz');
    writeFileSync(file, gzipSync(text));
    return file;
  };

  it('reads columns by name, in any order and beside others', async () => {
    const file = traceOf('kind,cold_ms,agent,cost_ms,t_ms\nnew,9,a,3,0\next,9,b,1,7\n');
    expect(await loadTrace(file)).toEqual([
      { tMs: 0, agent: 'a', costMs: 3, kind: 'new' },
      { tMs: 7, agent: 'b', costMs: 1, kind: 'ext' },
    ]);
  });

  it('takes a last line without its line end, and lines that end in CR LF', async () => {
    expect(await loadTrace(traceOf('t_ms,agent,cost_ms,kind\r\n1,a,1,new\r\n1,a,2,ext'))).toHaveLength(2);
  });

  it('joins lines across chunks', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `${n},agent-${n % 97},${n + 1},kind-${n}`);
    const tasks = await loadTrace(traceOf(`t_ms,agent,cost_ms,kind\n${rows.join('\n')}\n`));
    expect(tasks.map((task) => `${task.tMs},${task.agent},${task.costMs},${task.kind}`)).toEqual(rows);
  });

  it('stops when its reader stops', async () => {
    for await (const task of readTrace(traceOf('t_ms,agent,cost_ms,kind\n1,a,1,new\nnonsense\n'))) {
      expect(task.agent).toBe('a');
      break;
    }
  });

  it.each([
    ['', ':1: no header'],
    ['t_ms,agent,kind\n', ':1: column cost_ms is missing'],
    ['t_ms,agent,cost_ms,kind\n1,a,1\n', ':2: 3 columns instead of 4'],
    ['t_ms,agent,cost_ms,kind\n1,a,1,new\n\n', ':3: 1 columns instead of 4'],
    ['t_ms,agent,cost_ms,kind\n1.5,a,1,new\n', ':2: column t_ms'],
    ['t_ms,agent,cost_ms,kind\n-1,a,1,new\n', ':2: column t_ms'],
    ['t_ms,agent,cost_ms,kind\n1,,1,new\n', ':2: column agent is empty'],
    ['t_ms,agent,cost_ms,kind\n1,a,0,new\n', ':2: column cost_ms'],
    ['t_ms,agent,cost_ms,kind\n5,a,1,new\n4,a,1,new\n', ':3: column t_ms goes back'],
  ])('refuses %j', async (text, message) => {
    await expect(loadTrace(traceOf(text))).rejects.toThrow(message);
  });

  it('fails when the file is missing or is not gzip', async () => {
    await expect(loadTrace(join(folder, 'missing.csv.gz'))).rejects.toThrow('ENOENT');
    writeFileSync(join(folder, 'plain'), 't_ms,agent,cost_ms,kind\n');
    await expect(loadTrace(join(folder, 'plain'))).rejects.toThrow('incorrect header check');
  });
});
