// Whether somebody has run `npm ci` already: what npm notes of the packages that it installed is what is locked.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a folder's packages are the locked ones, those of development too. npm notes them last: not where it was cut off. */
export function isInstalledByNpm(root) {
  const note = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  const noted = packagesIn(note);
  const locked = Object.entries(packagesIn(join(root, 'package-lock.json')));
  return locked.every(([path, wanted]) => path === '' || isNoted(noted[path], wanted));
}

const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

// An optional package is missing where it is for another system: which ones are for this one is npm's to know.
const isNoted = (found, wanted) =>
  found === undefined
    ? wanted.optional === true
    : found.integrity === wanted.integrity && found.version === wanted.version;
