import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What answers the requests: Shunt's dispatcher, or a route of Fastify that does `queue.add`. */
export type ServerKind = 'shunt' | 'bare';

const programs: Record<ServerKind, string> = {
  shunt: fileURLToPath(new URL('../../../apps/dispatcher/src/main.js', import.meta.url)),
  bare: fileURLToPath(new URL('./bare-server.js', import.meta.url)),
};

/** Of the kernel, in which it tells the CPU time of a process. */
const ticksPerSecond = 100;

/** A process that takes tasks by HTTP. */
export class BenchServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly endpoint: string,
  ) {}

  /** Starts one on a free port of loopback. */
  static async start(kind: ServerKind, redisUrl: string, pool = 'http'): Promise<BenchServer> {
    const settings = { SHUNT_REDIS_URL: redisUrl, SHUNT_POOL: pool, SHUNT_HTTP_PORT: '0', SHUNT_LOG_LEVEL: 'silent' };
    // Not the client's thousands of requests a second are what a limit is for here.
    const env = { ...process.env, ...settings, SHUNT_HTTP_RATE_LIMIT: '100000000' };
    const child = fork(programs[kind], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env });
    process.once('exit', () => child.kill('SIGKILL'));
    const [{ endpoint }] = (await once(child, 'message')) as [{ endpoint: string }];
    return new BenchServer(child, endpoint);
  }

  /** CPU seconds, user and system, that it has used. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}
