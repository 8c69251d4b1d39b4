import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DebianProgram, unpackPackages } from './debian-packages.js';
import type { NativeBinary, Search } from './native-binary.js';

const run = promisify(execFile);

/** The server, and the libraries that a minimal system lacks. Its other libraries are in every Debian. */
const redis: DebianProgram = {
  title: 'Redis',
  size: '3 MB',
  packages: ['redis-server', 'redis-tools', 'libatomic1', 'liblzf1', 'libjemalloc2'],
  // OpenSSL 3's library: Debian 12 and Ubuntu 22.04; later ones, where time_t has 64 bits.
  oneOf: ['libssl3', 'libssl3t64'],
  check: (root) => {
    const { path, libraryPath } = toBinary(root);
    return run(path, ['--version'], { env: { LD_LIBRARY_PATH: libraryPath } });
  },
};

/** Gets the distribution's own redis-server without root, as {@link unpackPackages} does: 3.3 MB and about 5 s the first time. */
export async function unpackDebian(
  cacheDir: string,
  environment: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<Search<NativeBinary>> {
  const root = await unpackPackages(redis, cacheDir, environment, log);
  return root.kind === 'found' ? { kind: 'found', value: toBinary(root.value) } : root;
}

/** Libraries lie in `lib/<triplet>` and `usr/lib/<triplet>`; the triplet is the machine's. */
function toBinary(root: string): Required<NativeBinary> {
  const directories = ['usr/lib', 'lib']
    .map((directory) => join(root, directory))
    .filter((directory) => existsSync(directory))
    .flatMap((directory) => readdirSync(directory).map((name) => join(directory, name)))
    .filter((directory) => directory.includes('-linux-'));
  return { path: join(root, 'usr/bin/redis-server'), libraryPath: directories.join(':') };
}
