import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, guardChild } from '@shunt/redis-server';
import { until } from '../pool-test.js';
import { prometheusProgram } from './program.js';

/** One sample of an answer. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A real Prometheus on loopback that scrapes these addresses every three seconds, as long as a scrape of a busy machine may take. */
export class PrometheusOfTest {
  private constructor(
    private readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly dismissGuard: () => void,
  ) {}

  /** @param targets addresses by job, such as `{ dispatcher: ['127.0.0.1:7420'] }`; @param rules paths of files with rules */
  static async start(
    targets: Readonly<Record<string, readonly string[]>>,
    rules: readonly string[],
  ): Promise<PrometheusOfTest> {
    const folder = mkdtempSync(join(tmpdir(), 'shunt-prometheus-'));
    const config = {
      global: { scrape_interval: '3s', scrape_timeout: '3s', evaluation_interval: '500ms' },
      rule_files: rules,
      scrape_configs: Object.entries(targets).map(([job_name, list]) => {
        return { job_name, static_configs: [{ targets: list }] };
      }),
    };
    // JSON is YAML.
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
    const address = `127.0.0.1:${await findFreePort()}`;
    const words = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=error',
    ];
    const child = spawn(await prometheusProgram('prometheus'), words, { stdio: 'ignore', detached: true });
    const server = new PrometheusOfTest(`http://${address}`, child, folder, guardChild(child));
    await until(() => server.isReady());
    return server;
  }

  /** Runs a query of now. @throws Error with its words when it is no good query */
  async query(expression: string): Promise<readonly Sample[]> {
    const { result } = (await this.get(`query?query=${encodeURIComponent(expression)}`)) as {
      result: { metric: Sample['metric']; value: [number, string] }[];
    };
    return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
  }

  /** Every rule with whether it can be evaluated. */
  async rules(): Promise<readonly { name: string; query: string; health: string; lastError?: string }[]> {
    const { groups } = (await this.get('rules')) as { groups: { rules: never[] }[] };
    return groups.flatMap(({ rules }) => rules);
  }

  /** Ends it, with its data. */
  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
    this.dismissGuard();
    rmSync(this.folder, { recursive: true });
  }

  private async isReady(): Promise<boolean> {
    if (this.child.exitCode !== null) throw new Error(`Prometheus ended with ${this.child.exitCode}`);
    return fetch(`${this.url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  private async get(path: string): Promise<unknown> {
    const reply = await fetch(`${this.url}/api/v1/${path}`);
    const { data, error } = (await reply.json()) as { data?: unknown; error?: string };
    if (error !== undefined) throw new Error(`${path}: ${error}`);
    return data;
  }
}
