import 'reflect-metadata';
import { BullModule, getQueueToken, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LaneWorker, workersOf } from '@shunt/lanes';
import { type Job, type Queue, type QueueOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type TestPool } from '../../support/pool.js';
import { it } from '../../support/pool-test.js';

const before = (BullModule as unknown as { _workerClass: typeof LaneWorker })._workerClass;
beforeAll(() => {
  BullModule.workerClass = LaneWorker;
});
afterAll(() => {
  BullModule.workerClass = before;
});

/** Collects what a processor class of Nest did. */
class Diary {
  readonly ran: string[] = [];
  readonly completed: (string | undefined)[] = [];
}

/** An application as a user of @nestjs/bullmq writes it: nothing in it knows of Shunt. */
function application(queueName: string, connection: QueueOptions['connection']): DynamicModule {
  @Processor(queueName, { concurrency: 4 })
  class AgentProcessor extends WorkerHost {
    constructor(private readonly diary: Diary) {
      super();
    }

    async process(job: Job): Promise<string> {
      this.diary.ran.push(`${job.data.agentId}${job.data.n}`);
      return `ran ${job.data.n}`;
    }

    @OnWorkerEvent('completed')
    onCompleted(job: Job): void {
      this.diary.completed.push(job.id);
    }
  }

  @Module({})
  class App {}
  return {
    module: App,
    imports: [BullModule.forRoot({ connection, prefix: 'shunt' }), BullModule.registerQueue({ name: queueName })],
    providers: [Diary, AgentProcessor],
  };
}

/** Boots the application, runs ten tasks of two agents, and closes it. */
async function runTen(pool: TestPool, app: INestApplicationContext): Promise<Diary> {
  const queue = app.get<Queue>(getQueueToken(pool.queueName), { strict: false });
  const events = await pool.events();
  const tasks = Array.from({ length: 10 }, (_, n) => ({ name: 'turn', data: { agentId: n % 2 ? 'a' : 'b', n } }));
  const jobs = await queue.addBulk(tasks);
  const results = await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 60_000)));
  expect(results).toEqual(tasks.map(({ data }) => `ran ${data.n}`));
  expect(await workersOf(pool.redis, pool.keys)).toMatchObject([{ slots: 4, isRoutable: true }]);
  const diary = app.get(Diary, { strict: false });
  await app.close();
  expect(diary.completed.sort()).toEqual(jobs.map(({ id }) => id).sort());
  expect(await workersOf(pool.redis, pool.keys)).toEqual([]);
  return diary;
}

describe('a @Processor class of Nest', () => {
  it('becomes a lane worker, and closing the application ends its registration', async ({ pool }) => {
    pool.dispatcher();
    const module = application(pool.queueName, { url: pool.url } as never);
    const diary = await runTen(pool, await NestFactory.createApplicationContext(module, { logger: false }));
    expect(diary.ran.filter((turn) => turn.startsWith('a'))).toEqual(['a1', 'a3', 'a5', 'a7', 'a9']);
    expect(diary.ran.filter((turn) => turn.startsWith('b'))).toEqual(['b0', 'b2', 'b4', 'b6', 'b8']);
  });

  for (const [form, connectionOf] of [
    ['host and port', ({ hostname, port }: URL) => ({ host: hostname, port: Number(port) })],
    ['a connection of its own', ({ href }: URL) => new Redis(href, { maxRetriesPerRequest: null })],
  ] as const) {
    it(`takes the connection as ${form}`, async ({ pool }) => {
      pool.dispatcher();
      const connection = connectionOf(new URL(pool.url));
      const module = application(pool.queueName, connection as never);
      const diary = await runTen(pool, await NestFactory.createApplicationContext(module, { logger: false }));
      expect(diary.ran).toHaveLength(10);
      if (connection instanceof Redis) connection.disconnect();
    });
  }

  it('is refused a connection that would give up on a command, with the option to set', async ({ pool }) => {
    const connection = new Redis(pool.url);
    const module = application(pool.queueName, connection as never);
    const options = { logger: false, abortOnError: false } as const;
    await expect(NestFactory.createApplicationContext(module, options)).rejects.toThrow('maxRetriesPerRequest');
    connection.disconnect();
  });
});
