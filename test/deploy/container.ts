import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readCompose } from './compose-file.js';
import { readDockerfile } from './dockerfile.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A service of the compose file without its container: the same command lines and variables, in this checkout. */
export class Container {
  private readonly command: readonly string[];
  private readonly check: readonly string[];
  private readonly environment: Record<string, string>;
  private child: ChildProcess | undefined;
  private port: string | undefined;

  /** @param changed variables that must differ outside of a container: where Redis is, which port is free */
  constructor(name: string, changed: Readonly<Record<string, string>>) {
    const service = readCompose().services[name];
    const target = service?.build?.target ?? '';
    const dockerfile = readDockerfile();
    this.command = dockerfile.command(target);
    this.check = service?.healthcheck.test.slice(1) ?? [];
    this.environment = { ...dockerfile.environment(target), ...service?.environment, ...changed };
  }

  /** Starts it, and resolves once it logs where it listens. @throws Error when it ends before */
  async start(): Promise<void> {
    const child = this.run(this.command, this.environment);
    this.child = child;
    for await (const line of createInterface({ input: child.stdout })) {
      const { endpoint } = JSON.parse(line) as { endpoint?: string };
      if (endpoint === undefined) continue;
      this.port = new URL(endpoint).port;
      child.stdout.resume();
      return;
    }
    throw new Error(`${this.command.join(' ')} ended before it listened`);
  }

  /** Whether the health check passes now. */
  async isHealthy(): Promise<boolean> {
    const check = this.run(this.check, { ...this.environment, SHUNT_HTTP_PORT: this.port ?? '1' });
    check.stdout.resume();
    const [code] = await once(check, 'exit');
    return code === 0;
  }

  /** Ends it as the engine does, by SIGTERM to the process itself. Resolves to its exit code. */
  async stop(): Promise<number | null> {
    if (!this.child || this.child.exitCode !== null) return this.child?.exitCode ?? null;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code] = await exited;
    return code;
  }

  private run([program = '', ...args]: readonly string[], environment: Record<string, string>) {
    const env = { PATH: process.env.PATH, ...environment };
    return spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  }
}
