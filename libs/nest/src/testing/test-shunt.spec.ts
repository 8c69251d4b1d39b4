import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { ClosingAgent, TaskContext } from '@shunt/sdk';
import { expect, it } from 'vitest';
import { AgentTask, AgentTasks, getShuntToken, OnAgentClose, OnAgentOpen } from '../decorators.js';
import { ShuntModule } from '../shunt.module.js';
import { ShuntRuntime } from '../shunt-runtime.js';
import { ShuntTestingModule } from './shunt-testing.module.js';
import { TestRuntime } from './test-runtime.js';
import type { TestShunt } from './test-shunt.js';

@AgentTasks()
class Counts {
  readonly closed: string[] = [];

  @OnAgentOpen()
  open() {
    return { sum: 0 };
  }

  @OnAgentClose()
  close({ id, state }: ClosingAgent) {
    this.closed.push(`${id} ${state.sum}`);
  }

  @AgentTask('add')
  async add(n: number, { agent }: TaskContext) {
    if (n < 0) throw new Error('too little');
    const { state } = agent ?? { state: { sum: 0 } };
    const before = state.sum;
    await Promise.resolve();
    state.sum = before + n;
    return state.sum;
  }
}

@Module({ imports: [ShuntModule.forRoot({ redis: 'redis://127.0.0.1:1' })], providers: [Counts] })
class App {}

it.each([
  ['ShuntTestingModule', Test.createTestingModule({ imports: [ShuntTestingModule.forRoot()], providers: [Counts] })],
  [
    'an override',
    Test.createTestingModule({ imports: [App] })
      .overrideProvider(ShuntRuntime)
      .useClass(TestRuntime),
  ],
])('%s runs tasks without Redis, in order within an agent', async (_, builder) => {
  const module = await (await builder.compile()).init();
  const shunt = module.get<TestShunt>(getShuntToken(), { strict: false });
  const results = await shunt.enqueueMany(
    [1, 2, 3].map((input) => ({ task: 'add', input, options: { agentId: 'a' } })),
  );
  expect(await Promise.all(results.map(({ handle }) => handle.result()))).toEqual([1, 3, 6]);
  expect(await (await shunt.enqueue('add', 5)).result()).toBe(5);
  await expect((await shunt.enqueue('add', -1)).result()).rejects.toMatchObject({
    code: 'TASK_FAILED',
    message: 'too little',
  });
  await expect((await shunt.enqueue('plan', 1)).result()).rejects.toMatchObject({ code: 'NO_WORKER' });
  expect(shunt.enqueued.map(({ task }) => task)).toEqual(['add', 'add', 'add', 'add', 'add', 'plan']);
  const again = await shunt.enqueue('add', 1, { id: 'once' });
  expect(await shunt.enqueue('add', 1, { id: 'once' })).toBe(again);
  expect(shunt.task(again.id)).toBe(again);
  expect(() => shunt.task('none')).toThrow('no such task');
  const counts = module.get(Counts, { strict: false });
  await module.close();
  expect(counts.closed).toEqual(['a 6']);
});
