import { Injectable } from '@nestjs/common';
import {
  type ConnectOptions,
  connect,
  createWorker,
  type Shunt,
  type ShuntWorker,
  type WorkerOptions,
} from '@shunt/sdk';

/** Where an application's clients and workers come from: the SDK, unless a test puts another one in its place. */
@Injectable()
export class ShuntRuntime {
  connect(options: ConnectOptions): Shunt {
    return connect(options);
  }

  createWorker(options: WorkerOptions): ShuntWorker {
    return createWorker(options);
  }
}
