export { ProbesModule, type ProbesOptions, startProbes } from './probes.module.js';
export { version } from './version.js';
