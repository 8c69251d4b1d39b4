import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chooseCacheDir, findProgram, unpackPackages } from '@shunt/redis-server';

const run = promisify(execFile);
const inRoot = (root: string, name: string) => join(root, 'usr/bin', name);

/** Finds Prometheus' programs: installed ones, else the distribution's, unpacked into the project's cache: 19 MB the first time. */
export async function prometheusProgram(name: 'prometheus' | 'promtool'): Promise<string> {
  const installed = findProgram(name, process.env);
  if (installed !== null) return installed;
  const program = {
    title: 'Prometheus',
    size: '19 MB',
    packages: ['prometheus'],
    check: (root: string) => run(inRoot(root, name), ['--version']),
  };
  const found = await unpackPackages(program, chooseCacheDir(process.env, 'prometheus'), process.env, () => undefined);
  if (found.kind === 'none') throw new Error(`there is no ${name}: ${found.reason}`);
  return inRoot(found.value, name);
}

/** Runs promtool. Resolves to its exit code and all it wrote. */
export async function promtool(...words: readonly string[]): Promise<{ code: number; output: string }> {
  const program = await prometheusProgram('promtool');
  return run(program, words).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  );
}
