import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { identify, isRunning } from './process-identity.js';

describe('identify', () => {
  it('gives a process the same identity each time', () => {
    expect(identify(process.pid)).toEqual(identify(process.pid));
    expect(identify(process.pid)?.pid).toBe(process.pid);
  });

  it('tells two processes apart', () => {
    expect(identify(process.ppid)?.started).not.toBe(identify(process.pid)?.started);
  });

  it('knows no process that has ended', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    expect(identify(child.pid ?? 0)).toBeNull();
  });
});

describe('isRunning', () => {
  it('holds for this process', () => {
    expect(isRunning(identify(process.pid) ?? { pid: 0, started: '' })).toBe(true);
  });

  it('does not hold for an earlier process of the same id', () => {
    expect(isRunning({ pid: process.pid, started: 'earlier' })).toBe(false);
  });
});
