export { ProbesModule, type ProbesOptions, startProbes } from './probes.module.js';
