import { build, type Rolldown } from 'vite';

const entry = 'entry-of-a-page';

/** A module as an application bundles it for its page. */
export interface Bundle {
  /** A script that sets a global of that name to what the module exports. */
  readonly code: string;
  /** Files it holds. */
  readonly files: readonly string[];
}

/** Bundles a package's entry as Vite does by default. */
export async function bundled(module: string, name: string): Promise<Bundle> {
  const outputs = (await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry, name, formats: ['iife'] } },
    plugins: [
      {
        name: entry,
        enforce: 'pre',
        resolveId: (id) => (id.endsWith(entry) ? entry : undefined),
        load: (id) => (id === entry ? `export * from '${module}';` : undefined),
      },
    ],
  })) as Rolldown.RolldownOutput[];
  const [chunk] = outputs.flatMap(({ output }) => output);
  if (chunk?.type !== 'chunk') throw new Error(`${module} made no script`);
  return { code: chunk.code, files: Object.keys(chunk.modules) };
}
