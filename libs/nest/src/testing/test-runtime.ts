import { Injectable } from '@nestjs/common';
import type { ConnectOptions, Shunt, ShuntWorker, WorkerOptions } from '@shunt/sdk';
import type { ShuntRuntime } from '../shunt-runtime.js';
import { TestShunt } from './test-shunt.js';

/** Takes the place of `ShuntRuntime` in a test: `builder.overrideProvider(ShuntRuntime).useClass(TestRuntime)`. */
@Injectable()
export class TestRuntime implements ShuntRuntime {
  private readonly pools = new Map<string | undefined, TestShunt>();

  connect({ pool }: ConnectOptions): Shunt {
    const client = new TestShunt();
    this.pools.set(pool, client);
    return client as unknown as Shunt;
  }

  createWorker({ pool, handlers, onAgentOpen, onAgentClose }: WorkerOptions): ShuntWorker {
    const client = this.pools.get(pool);
    client?.serve(handlers, { onAgentOpen, onAgentClose });
    const lane = { on: () => lane, isRunning: () => true };
    const worker = { id: 'test', lane, run: async () => undefined, close: () => client?.close().then(() => 'clean') };
    return worker as unknown as ShuntWorker;
  }
}
