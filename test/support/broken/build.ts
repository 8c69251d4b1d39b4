import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtFolder } from '../harness/built.js';

/** A change that breaks a built program: `from`, wherever it stands in `file`, becomes `to`. */
export interface Patch {
  /** Below the folder of built programs. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const scriptsFile = 'libs/lanes/src/scripts/generated.js';
const inScript = (lua: string) => JSON.stringify(lua).slice(1, -1);

/** A change of Lua, in every script that holds it. */
export function luaPatch(from: string, to: string): Patch {
  return { file: scriptsFile, from: inScript(from), to: inScript(to) };
}

/** A copy of the built programs with something broken in it. It lies in the project, where its packages are found. */
export class BrokenBuild {
  readonly folder: string;

  /** @throws Error when there is nothing of a patch to be changed: it would break nothing */
  constructor(patches: readonly Patch[]) {
    const parent = join(builtFolder, '..', '.shunt');
    mkdirSync(parent, { recursive: true });
    this.folder = mkdtempSync(join(parent, 'broken-'));
    cpSync(builtFolder, this.folder, { recursive: true, filter: (path) => !path.endsWith('.map') });
    for (const patch of patches) this.apply(patch);
  }

  /** Removes it. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private apply({ file, from, to }: Patch): void {
    const path = join(this.folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} holds no ${from}`);
    writeFileSync(
      path,
      text.replaceAll(from, () => to),
    );
  }
}
