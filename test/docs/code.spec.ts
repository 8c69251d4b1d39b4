import 'reflect-metadata';
import { BullModule, Processor, WorkerHost } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import * as nest from '@shunt/nest';
import * as sdk from '@shunt/sdk';
import { type Job, Queue } from 'bullmq';
import { afterAll, describe, expect } from 'vitest';
import { z } from 'zod';
import { it, type SdkPool } from '../integration/sdk/sdk-pool.js';
import { runCode, runnable, type Snippet } from './snippets.js';

const plainWorker = (BullModule as unknown as { _workerClass: typeof sdk.LaneWorker })._workerClass;
afterAll(() => {
  BullModule.workerClass = plainWorker;
});

/** A snippet of a page, on the pool of a test in place of `agents`. */
function snippet(page: string, index: number, pool: SdkPool): Snippet {
  const found = runnable(page, 'ts', 'js')[index];
  if (!found) throw new Error(`${page} has no snippet ${index}`);
  const text = found.text
    .replaceAll("'{agents}'", `'{${pool.pool}}'`)
    .replaceAll("pool: 'agents'", `pool: '${pool.pool}'`);
  return { ...found, text };
}

/** What stands around snippets. */
const around = (pool: SdkPool) => ({
  redis: pool.url,
  connection: { url: pool.url },
  connect: (options: sdk.ConnectOptions) => sdk.connect({ pool: pool.pool, ...options }),
  createWorker: (options: sdk.WorkerOptions) => sdk.createWorker({ pool: pool.pool, ...options }),
});

describe('docs/interop.md', () => {
  it('enqueues from a plain queue', async ({ pool }) => {
    pool.serve({ plan: ({ goal }: { goal: string }) => goal }, { id: 'w1' });
    const { queue } = (await runCode(snippet('docs/interop.md', 0, pool), { Queue, ...around(pool) }, ['queue'])) as {
      queue: Queue;
    };
    const [job] = await queue.getJobs();
    const { shunt } = { shunt: pool.client() };
    if (job?.id) expect(await shunt.task(job.id).result({ timeout: '30s' })).toBe('...');
    await queue.close();
  });

  it('makes a processor of Nest a lane worker', async ({ pool, client }) => {
    const ran: unknown[] = [];
    const scope = { ...around(pool), BullModule, Module, Processor, WorkerHost, LaneWorker: sdk.LaneWorker };
    const { AppModule, Plans } = await runCode(snippet('docs/interop.md', 1, pool), scope, ['AppModule', 'Plans']);
    (Plans as typeof WorkerHost).prototype.process = async (job: Job) => void ran.push(job.data);
    const app = await NestFactory.createApplicationContext(AppModule as never, { logger: false });
    await (await client.enqueue('plan', 1, { agentId: 'a' })).result({ timeout: '30s' });
    await app.close();
    expect(ran).toHaveLength(1);
  });
});

describe('docs/sdk.md', () => {
  it('makes clients of both transports', async ({ pool }) => {
    const told = await runCode(snippet('docs/sdk.md', 0, pool), { connect: sdk.connect }, ['shunt', 'overHttp']);
    for (const client of Object.values(told) as sdk.Shunt[]) client.close();
    expect(told.shunt).toBeInstanceOf(sdk.Shunt);
  });

  it('checks typed tasks at both ends', async ({ pool }) => {
    const told = await runCode(snippet('docs/sdk.md', 1, pool), { ...around(pool), z }, ['shunt', 'worker']);
    const { shunt, worker } = told as { shunt: sdk.Shunt; worker: sdk.ShuntWorker };
    const ended = worker.run();
    expect(await (await shunt.enqueue('chat.turn', { text: 'hi' })).result({ timeout: '30s' })).toEqual({
      reply: 'hi',
    });
    await expect(shunt.enqueue('chat.turn', { text: 1 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    shunt.close();
    await worker.close();
    await ended;
  });

  it('runs a worker with states of agents', async ({ pool, client }) => {
    const saved: unknown[] = [];
    const signals: Record<string, () => Promise<unknown>> = {};
    const exits: number[] = [];
    const scope = {
      ...around(pool),
      ...{ Terminal: sdk.Terminal, WrongWorker: sdk.WrongWorker, RetryLater: sdk.RetryLater },
      process: {
        once: (name: string, stop: () => Promise<unknown>) => Object.assign(signals, { [name]: stop }),
        exit: (code: number) => exits.push(code),
      },
      model: { isBusy: false, reply: async (_state: object, text: string) => `${text} too` },
      load: async (id: string) => ({ isClosed: id === 'closed' }),
      save: async (id: string) => void saved.push(id),
    };
    const found = snippet('docs/sdk.md', 2, pool);
    const text = found.text.replace('await worker.run();', 'const ended = worker.run().then(() => null);');
    const { ended, worker } = await runCode({ ...found, text: `${text}\nconst told = { ended, worker };` }, scope, [
      'told',
    ]).then(({ told }) => told as { ended: Promise<null>; worker: sdk.ShuntWorker });
    const task = await client.enqueue('chat.turn', { text: 'hi' }, { agentId: 'a', metadata: { tenant: 't' } });
    expect(await task.result({ timeout: '30s' })).toEqual({ reply: 'hi too' });
    const closed = await client.enqueue('chat.turn', { text: 'hi' }, { agentId: 'closed', attempts: 3 });
    expect(await closed.ended({ wait: '30s' })).toMatchObject({ outcome: 'failed', reason: 'agent closed is closed' });
    await signals.SIGTERM?.();
    expect(await worker.close()).toBe('clean');
    await ended;
    expect(exits).toEqual([]);
    expect(saved.sort()).toEqual(['a', 'a', 'closed']);
    const { logs } = await pool.queue().getJobLogs(task.id);
    expect(logs).toEqual([`attempt 1 of ${task.id}, cold, for t`]);
  });

  it('does with a handle what there is to do', async ({ pool, client }) => {
    pool.serve({ 'chat.turn': ({ text }) => ({ reply: text }) });
    const printed: string[] = [];
    const console = { log: (type: string) => printed.push(type) };
    const scope = { shunt: client, console, lastSeenId: undefined };
    const names = ['reply', 'state', 'metadata', 'why', 'met'];
    const told = await runCode(snippet('docs/sdk.md', 4, pool), scope, names);
    const expected = { reply: 'hi', state: 'completed', metadata: { tenant: 't-7' }, why: 'It has completed.' };
    expect(told).toEqual({ ...expected, met: 'finished' });
    expect(printed).toEqual(['added', 'waiting', 'active', 'completed']);
  });

  it('follows what a handler emits', async ({ pool, client }) => {
    let told = '';
    const process = { stdout: { write: (text: string) => (told += text) } };
    const found = snippet('docs/sdk.md', 3, pool);
    const text = found.text.replace('const task =', 'const ended = worker.run();\nconst task =');
    const scope = { ...around(pool), shunt: client, process };
    const { worker } = (await runCode({ ...found, text }, scope, ['worker'])) as { worker: sdk.ShuntWorker };
    expect(told).toBe('as it is made ');
    await worker.close();
  });

  it('makes schedules', async ({ pool, client }) => {
    await runCode(snippet('docs/sdk.md', 5, pool), { shunt: client });
    expect(await client.schedules.list()).toMatchObject([{ id: 'daily', task: 'report', agentId: 'a-42' }]);
    await client.schedules.remove('daily');
  });
});

describe('docs/nest.md', () => {
  const loaded: string[] = [];
  class Config {
    redisUrl = '';
  }
  const scopeOf = (pool: SdkPool) => {
    @nest.AgentTasks('reports')
    class ReportTasks {
      report() {}
    }
    Config.prototype.redisUrl = pool.url;
    const load = async (id: string) => void loaded.push(id);
    return { ...nest, Module, Config, ReportTasks, load, save: async () => undefined };
  };

  it('is an application that boots on Redis, and one that a test runs without', async ({ pool, client }) => {
    const first = snippet('docs/nest.md', 0, pool);
    const named = {
      ...first,
      text: first.text
        .replaceAll('inject: [Config],', 'inject: [],')
        .replace('(config: Config)', '(config = { redisUrl: redisUrl })'),
    };
    const scope = { ...scopeOf(pool), redisUrl: pool.url };
    const { AppModule } = await runCode(named, scope, ['AppModule']);
    const app = await NestFactory.createApplicationContext(AppModule as never, { logger: false });
    expect(
      await (await client.enqueue('chat.turn', { text: 'hi' }, { agentId: 'a' })).result({ timeout: '30s' }),
    ).toEqual({ reply: '...' });
    await app.close();
    expect(loaded).toEqual(['a']);
    const tests = { ...nest, Test, AppModule, expect };
    const { module } = (await runCode(snippet('docs/nest.md', 1, pool), tests, ['module'])) as {
      module: TestingModule;
    };
    await module.close();
  });
});

describe('docs/placement.md', () => {
  it('makes a strategy of its own', async ({ pool }) => {
    const scope = { ...around(pool), Dispatcher: sdk.Dispatcher, strategy: sdk.strategy };
    const told = await runCode(snippet('docs/placement.md', 0, pool), scope, ['dispatcher']);
    await (told.dispatcher as sdk.Dispatcher).stop();
  });
});
