import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findInstalled } from './native-binary.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'shunt-spec-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function addProgram(name: string, mode = 0o755): string {
  const path = join(directory, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

describe('findInstalled', () => {
  it('finds nothing on an empty PATH', () => {
    expect(findInstalled({})).toEqual({ kind: 'none', reason: 'no redis-server or valkey-server on PATH' });
  });

  it('finds valkey-server on PATH', () => {
    const path = addProgram('valkey-server');
    expect(findInstalled({ PATH: `/nowhere:${directory}` })).toEqual({ kind: 'found', value: { path } });
  });

  it('prefers redis-server', () => {
    addProgram('valkey-server');
    const path = addProgram('redis-server');
    expect(findInstalled({ PATH: directory })).toEqual({ kind: 'found', value: { path } });
  });

  it('passes over a directory of that name', () => {
    mkdirSync(join(directory, 'redis-server'));
    expect(findInstalled({ PATH: directory }).kind).toBe('none');
  });

  it('prefers the program that SHUNT_REDIS_SERVER names', () => {
    addProgram('redis-server');
    const path = addProgram('my-redis');
    const environment = { PATH: directory, SHUNT_REDIS_SERVER: path };
    expect(findInstalled(environment)).toEqual({ kind: 'found', value: { path } });
  });

  it('does not look past a SHUNT_REDIS_SERVER that is missing', () => {
    addProgram('redis-server');
    const found = findInstalled({ PATH: directory, SHUNT_REDIS_SERVER: '/nowhere/redis' });
    expect(found).toEqual({ kind: 'none', reason: 'SHUNT_REDIS_SERVER names /nowhere/redis, which is not a program' });
  });
});
