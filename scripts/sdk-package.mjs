// What the package `@shunt/sdk` is: its manifest, and a link to the build, so that what is written against the package runs in this
// folder as it does where the package is installed.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Libraries that the package holds. */
export const packedLibs = ['sdk', 'nest', 'lanes', 'balancing', 'health', 'input'];
/** What they import, in the versions that are tested. */
const needed = ['@opentelemetry/api', 'bullmq', 'ioredis', 'ms', 'msgpackr', 'zod'];

/** What the module for Nest needs of the application, and only that. */
const neededByNest = ['@nestjs/common', '@nestjs/core', 'reflect-metadata'];

const linkOf = (root) => join(root, 'node_modules', '@shunt', 'sdk');

/** Whether `@shunt/sdk` can be imported in a folder. */
export const isLinked = (root) => existsSync(join(linkOf(root), 'package.json'));

/** Makes `dist` the package that is imported as `@shunt/sdk`. */
export function linkSdk(root) {
  writeManifest(root, join(root, 'dist'));
  const link = linkOf(root);
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { recursive: true, force: true });
  symlinkSync(join('..', '..', 'dist'), link, 'junction');
}

/** Writes the package's manifest beside its `libs`. */
export function writeManifest(root, folder) {
  const { version, license, engines, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const manifest = {
    name: '@shunt/sdk',
    version,
    description: 'Client and worker of Shunt, a work dispatcher for fleets of stateful AI agents',
    license,
    type: 'module',
    engines,
    // A bundler leaves out what the entry that it starts from does not use: of `./http` Redis, BullMQ and Node.
    sideEffects: false,
    exports: { '.': entry('sdk'), './http': entry('sdk', 'http/index'), './nest': entry('nest') },
    files: ['libs'],
    dependencies: Object.fromEntries(needed.map((name) => [name, dependencies[name]])),
    peerDependencies: Object.fromEntries(neededByNest.map((name) => [name, `^${dependencies[name]}`])),
    peerDependenciesMeta: Object.fromEntries(neededByNest.map((name) => [name, { optional: true }])),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function entry(lib, file = 'index') {
  const index = `./libs/${lib}/src/${file}`;
  return { types: `${index}.d.ts`, default: `${index}.js` };
}
