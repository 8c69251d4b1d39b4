import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

interface Found {
  readonly results: readonly { readonly findings: readonly { what: string; values: number[] }[] }[];
}

/** Where the trials of a spec write what they found, under a name: a folder that is removed after it. */
export function trialsOf(name: string) {
  const out = mkdtempSync(join(tmpdir(), `shunt-${name}-`));
  afterAll(() => rmSync(out, { recursive: true }));
  return {
    out,
    /** The values of each finding, by what it is. */
    found: (): Map<string, number[]> => {
      const [file = ''] = readdirSync(out).filter((each) => each.endsWith('.json'));
      const { results } = JSON.parse(readFileSync(join(out, file), 'utf8')) as Found;
      return new Map(results.flatMap(({ findings }) => findings).map(({ what, values }) => [what, values]));
    },
  };
}
