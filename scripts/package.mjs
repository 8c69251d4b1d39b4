// `npm run package [-- folder]`: makes the tarball of `@shunt/sdk`, with its types, in a folder, this one unless said.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { prepare, root } from './prepare.mjs';
import { packedLibs, writeManifest } from './sdk-package.mjs';
import { runStep } from './step.mjs';

const target = resolve(process.argv[2] ?? '.');
const stage = mkdtempSync(join(tmpdir(), 'shunt-pack-'));
process.on('exit', () => rmSync(stage, { recursive: true, force: true }));

await prepare();
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const project = join(root, 'tsconfig.types.json');
await runStep(process.execPath, [tsc, '-p', project, '--outDir', stage], { cwd: root });
for (const file of packedLibs.flatMap((lib) => declarationsOf(join(stage, 'libs', lib)))) {
  writeFileSync(file, withPaths(file, readFileSync(file, 'utf8')));
  const script = file.replace(/\.d\.ts$/, '.js');
  const built = join(root, 'dist', relative(stage, script));
  writeFileSync(script, readFileSync(built, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
}
writeManifest(root, stage);
for (const name of ['README.md', 'LICENSE']) copyFileSync(join(root, name), join(stage, name));
await runStep('npm', ['pack', '--loglevel=error', '--pack-destination', target], { cwd: stage });

/** Declarations name our libraries as the sources do; the package knows them by their paths, as its scripts do. */
function withPaths(file, text) {
  const folder = relative(stage, file).split(/[\\/]/).slice(0, -1);
  const up = `${'../'.repeat(folder.length)}libs`;
  return text.replace(/(["'])@shunt\/(\w+)\1/g, (_, quote, lib) => `${quote}${up}/${lib}/src/index.js${quote}`);
}

function declarationsOf(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}
