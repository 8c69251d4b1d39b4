import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { join } from '@shunt/lanes';
import { describe, expect, onTestFinished } from 'vitest';
import { endpointOf, TypedPool } from '../support/e2e/apps.js';
import { commands } from '../support/e2e/commands.js';
import { it, until } from '../support/pool-test.js';
import { readScrape } from '../support/scrape.js';

const start = commands();

function fileOf(text: string): string {
  const folder = mkdtempSync(joinPath(tmpdir(), 'shunt-placement-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = joinPath(folder, 'pool.yaml');
  writeFileSync(file, text);
  return file;
}

/** Registers workers that take nothing: what is placed on them stays there. */
async function joined({ test: { redis, keys } }: TypedPool, zones: Readonly<Record<string, string>>): Promise<void> {
  for (const [worker, zone] of Object.entries(zones)) {
    const registration = { slots: 100, weight: 1, host: 'here', pid: 1, zone };
    await join(redis, keys, { worker, incarnation: 'one' }, registration, 600_000);
  }
}

/** What the journal says of the first placement of an agent, once there is one. */
async function placed({ test }: TypedPool, agent: string): Promise<Readonly<Record<string, string | undefined>>> {
  const { pool } = test.client();
  const find = async () => (await pool.past({ agent })).entries[0]?.fields;
  await until(async () => (await find()) !== undefined);
  return (await find()) ?? {};
}

describe('npm run dispatcher, told how to place', () => {
  it('places by a strategy of a module, names agents by a header, a cookie and the address, and follows its file', async () => {
    const pool = new TypedPool(start);
    await joined(pool, { near: 'eu-1', zfar: 'us-1' });
    const file = fileOf('spillAfter: 9s\n');
    const dispatcher = pool.dispatcher({
      SHUNT_STRATEGIES: 'examples/strategies.mjs',
      SHUNT_STRATEGY: 'last-by-id',
      SHUNT_SHADOW_STRATEGY: 'least-connections',
      SHUNT_ZONE_DISTANCES: 'eu-1:us-1=90',
      SHUNT_FACTOR_WEIGHTS: 'load=0,distance=0.5',
      SHUNT_AGENT_HEADER: 'x-session',
      SHUNT_AGENT_COOKIE: 'sid',
      SHUNT_AGENT_BY_ADDRESS: 'on',
      SHUNT_CONFIG: file,
    });
    const endpoint = await endpointOf(dispatcher);
    const enqueue = async (headers: Readonly<Record<string, string>>, options = {}) => {
      const body = JSON.stringify({ task: 'turn', input: {}, options });
      const sent = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
      expect((await fetch(`${endpoint}/v1/tasks`, sent)).status).toBe(202);
    };
    await enqueue({ 'x-session': 'by-header', cookie: 'sid=by-cookie' });
    await enqueue({ cookie: 'sid=by-cookie' });
    await enqueue({});
    for (const agent of ['by-header', 'by-cookie', 'ip:127.0.0.1']) {
      expect(await placed(pool, agent)).toMatchObject({ worker: 'zfar', reason: 'new', strategy: 'last-by-id' });
    }
    const scrape = readScrape(await (await fetch(`${endpoint}/metrics`)).text());
    const inShadow = ['agreed', 'differed'].map((outcome) => {
      const labels = `pool="${pool.test.pool}",strategy="least-connections",outcome="${outcome}"`;
      return scrape.get(`shunt_shadow_decisions_total{${labels}}`) ?? 0;
    });
    expect(inShadow.reduce((sum, count) => sum + count)).toBe(3);

    writeFileSync(file, 'strategy: yours\nspillAfter: 8s\n');
    await dispatcher.said(/is refused and changes nothing: strategy must be one of .*last-by-id/);
    const { pool: told } = pool.test.client();
    expect((await told.getConfig()).config).toEqual({ spillAfter: 9000 });
    writeFileSync(file, 'strategy: intelligent\n');
    await until(async () => (await told.getConfig()).version === 2);
    const version = `shunt_config_version{pool="${pool.test.pool}"}`;
    await until(async () => readScrape(await (await fetch(`${endpoint}/metrics`)).text()).get(version) === 2);
    await enqueue({}, { agentId: 'a', zone: 'eu-1' });
    expect(await placed(pool, 'a')).toMatchObject({
      ...{ worker: 'near', strategy: 'intelligent' },
      grounds: 'load 0.01 x 0 + response 0.5 x 0.3 + errors 0 x 0.2 + distance 0 x 0.5 = 0.15',
    });
    dispatcher.interrupt();
    expect(await dispatcher.ended()).toBe(0);
  });
});

describe('npm run worker, told what it is', () => {
  it('registers zone, labels and weight, and holds no more agents than it is told', async () => {
    const pool = new TypedPool(start);
    const { test } = pool;
    const settings = { SHUNT_ZONE: 'eu-1', SHUNT_LABELS: 'gpu=a100', SHUNT_WEIGHT: '2', SHUNT_MAX_AGENTS: '1' };
    const worker = pool.worker(settings);
    await endpointOf(worker);
    const client = test.client();
    for (const agentId of ['a', 'b']) {
      const task = await client.enqueue('echo', {}, { agentId, labels: { gpu: 'a100' } });
      await task.result({ timeout: '60s' });
    }
    expect(await client.workers.get('w1')).toMatchObject({ zone: 'eu-1', labels: { gpu: 'a100' }, weight: 2 });
    await until(async () => (await client.agents.get('a')).home === null);
    expect((await client.agents.get('b')).home).toBe('w1');
    worker.interrupt();
    expect(await worker.ended()).toBe(0);
  });
});
