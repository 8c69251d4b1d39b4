import { createRequire } from 'node:module';

/** The version of this package, as its package.json has it: from the sources and from the build the file is as far away. */
export const version: string = findVersion();

function findVersion(): string {
  const require = createRequire(import.meta.url);
  for (const path of ['../../../package.json', '../../../../package.json']) {
    try {
      return (require(path) as { version: string }).version;
    } catch {
      // The other one.
    }
  }
  return 'unknown';
}
