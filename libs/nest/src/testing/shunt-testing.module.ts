import type { DynamicModule } from '@nestjs/common';
import type { ShuntModuleOptions } from '../module-options.js';
import { ShuntModule } from '../shunt.module.js';
import { ShuntRuntime } from '../shunt-runtime.js';
import { TestRuntime } from './test-runtime.js';

/** `ShuntModule` without Redis: its clients are {@link TestShunt}s, and tasks run in the process of the test. */
export class ShuntTestingModule {
  static forRoot(options: ShuntModuleOptions = {}): DynamicModule {
    const { providers = [], ...definition } = ShuntModule.forRoot(options);
    return { ...definition, providers: [...providers, { provide: ShuntRuntime, useClass: TestRuntime }] };
  }
}
