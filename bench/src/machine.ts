import { cpus } from 'node:os';

/** What the numbers were measured on, in one line. */
export function machineOf(redisVersion: string): string {
  return `${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.version}, Redis ${redisVersion}`;
}
