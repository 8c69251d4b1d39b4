import 'reflect-metadata';
import { type DynamicModule, Injectable, Module, Scope } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import {
  AgentTask,
  AgentTasks,
  getShuntToken,
  InjectShunt,
  OnAgentClose,
  OnAgentOpen,
  ShuntHealthIndicator,
  ShuntModule,
} from '@shunt/nest';
import {
  type CloseReason,
  type ClosingAgent,
  isShuntError,
  type OpeningAgent,
  type Shunt,
  type TaskContext,
} from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { it } from '../../support/pool-test.js';

/** Something that handlers need. */
@Injectable()
class Greetings {
  readonly word = 'hello';
}

@AgentTasks()
class Chat {
  readonly diary: string[] = [];
  constructor(
    private readonly greetings: Greetings,
    @InjectShunt() readonly shunt: Shunt,
  ) {}

  @OnAgentOpen()
  open({ id }: OpeningAgent) {
    return { turns: 0, of: id };
  }

  @OnAgentClose()
  close({ state }: ClosingAgent, reason: CloseReason) {
    this.diary.push(`${state.of} closed after ${state.turns}: ${reason}`);
  }

  @AgentTask('chat.turn')
  turn({ name }: { name: string }, { agent }: TaskContext) {
    agent && agent.state.turns++;
    return `${this.greetings.word} ${name}, turn ${agent?.state.turns}`;
  }
}

@AgentTasks('reports')
class Reports {
  @AgentTask('report')
  report(input: number) {
    return input * 2;
  }
}

const silent = { logger: false, abortOnError: false } as const;

function application(
  imports: DynamicModule[],
  providers: DynamicModule['providers'] = [Greetings, Chat],
): DynamicModule {
  @Module({})
  class App {}
  return { module: App, imports, providers };
}

describe('ShuntModule', () => {
  it('runs the tasks of classes with their states, and closes them with the application', async ({ pool }) => {
    pool.dispatcher();
    const root = ShuntModule.forRoot({
      redis: pool.url,
      pool: pool.pool,
      worker: { slots: 2, heartbeat: 100, lease: 5000 },
    });
    const app = await NestFactory.createApplicationContext(
      application([root, ShuntModule.forFeature(`${pool.pool}-2`)]),
      silent,
    );
    const chat = app.get(Chat);
    const first = await chat.shunt.enqueue('chat.turn', { name: 'Ada' }, { agentId: 'a' });
    const second = await chat.shunt.enqueue('chat.turn', { name: 'Ada' }, { agentId: 'a' });
    expect(await first.result()).toBe('hello Ada, turn 1');
    expect(await second.result()).toBe('hello Ada, turn 2');
    expect(await chat.shunt.workers.list()).toMatchObject([{ slots: 2 }]);
    await app.close();
    expect(chat.diary).toEqual(['a closed after 2: shutdown']);
    expect(await pool.client().workers.list()).toEqual([]);
    await expect(chat.shunt.enqueue('chat.turn', {})).rejects.toThrow('The client is closed');
  });

  it('takes all from an async factory, for the pools of features too', async ({ pool }) => {
    pool.dispatcher({ pool: 'reports', prefix: pool.pool });
    const root = ShuntModule.forRootAsync({
      inject: [Greetings],
      imports: [{ module: class Words {}, providers: [Greetings], exports: [Greetings] }],
      useFactory: ({ word }: Greetings) => ({
        redis: pool.url,
        prefix: pool.pool,
        worker: false as const,
        pools: { reports: { worker: { slots: 3, id: word, heartbeat: 100, lease: 5000 } } },
      }),
    });
    const app = await NestFactory.createApplicationContext(
      application([root, ShuntModule.forFeature('reports')], [Greetings, Chat, Reports]),
      silent,
    );
    const reports = app.get<Shunt>(getShuntToken('reports'), { strict: false });
    expect(await (await reports.enqueue('report', 21)).result()).toBe(42);
    expect(await reports.workers.list()).toMatchObject([{ id: 'hello', slots: 3 }]);
    expect(await app.get(Chat).shunt.workers.list()).toEqual([]);
    await app.close();
  });

  it('tells Terminus how it is', async ({ pool }) => {
    const root = ShuntModule.forRoot({ redis: pool.url, pool: pool.pool });
    const app = await NestFactory.createApplicationContext(
      application([root, TerminusModule.forRoot({ logger: false })]),
      silent,
    );
    const health = app.get(HealthCheckService, { strict: false });
    const shunt = app.get(ShuntHealthIndicator);
    await expect.poll(() => shunt.isHealthy('shunt'), { timeout: 60_000 }).toEqual({ shunt: { status: 'up' } });
    expect(await health.check([() => shunt.isHealthy('shunt')])).toMatchObject({ status: 'ok' });
    app.get(Chat).shunt.close();
    await expect(health.check([() => shunt.isHealthy('shunt')])).rejects.toMatchObject({
      response: { status: 'error', error: { shunt: { status: 'down', message: 'The client is closed' } } },
    });
    await app.close();
  });
});

@AgentTasks()
class Twice {
  @AgentTask('chat.turn')
  again() {}
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {}

@AgentTasks()
class Fleeting {
  constructor(readonly request: PerRequest) {}

  @AgentTask('fleeting')
  run() {}
}

@AgentTasks('nowhere')
class Lost {
  @AgentTask('lost')
  run() {}
}

describe('ShuntModule refuses at boot', () => {
  const refusals: [string, NonNullable<DynamicModule['providers']>, object, string][] = [
    ['two methods of one task', [Greetings, Chat, Twice], {}, 'says the same as'],
    ['a class that is made anew for each request', [PerRequest, Fleeting], {}, 'Fleeting must be a singleton'],
    [
      'a class of a pool nobody registered',
      [Lost],
      {},
      "@AgentTasks names nowhere: add ShuntModule.forFeature('nowhere')",
    ],
    ['an unknown option', [], { pol: 'x' }, 'pol is not a known option: did you mean pool?'],
    [
      'an unknown option of the worker',
      [Greetings, Chat],
      { worker: { slot: 1 } },
      'slot is not a known option: did you mean slots?',
    ],
  ];
  for (const [what, providers, options, message] of refusals) {
    it(what, async ({ pool }) => {
      const module = application([ShuntModule.forRoot({ redis: pool.url, pool: pool.pool, ...options })], providers);
      const error: unknown = await NestFactory.createApplicationContext(module, silent).catch((thrown) => thrown);
      expect(isShuntError(error, 'INVALID_CONFIG') && error.message).toContain(message);
    });
  }
});
