import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { invalidConfig } from '@shunt/sdk';
import type { PoolHost } from './pool-host.js';
import { TaskClasses } from './task-classes.js';

/** The pools of an application. */
@Injectable()
export class PoolHosts implements OnApplicationBootstrap {
  private readonly hosts = new Map<string | undefined, PoolHost>();

  constructor(private readonly classes: TaskClasses) {}

  /** Adds one. @throws ShuntError INVALID_CONFIG for a second one of the same name */
  add(name: string | undefined, host: PoolHost): void {
    if (this.hosts.has(name))
      throw invalidConfig([{ field: 'pool', message: `${name ?? 'of forRoot'} is registered twice` }]);
    this.hosts.set(name, host);
  }

  all(): PoolHost[] {
    return [...this.hosts.values()];
  }

  /** @throws ShuntError INVALID_CONFIG for a class of a pool that nobody registered: its tasks would wait for ever */
  onApplicationBootstrap(): void {
    const unknown = this.classes.pools().filter((name) => !this.hosts.has(name));
    if (unknown.length === 0) return;
    throw invalidConfig(
      unknown.map((name) => ({
        field: '@AgentTasks',
        message: `names ${name}: add ShuntModule.forFeature('${name}')`,
      })),
    );
  }
}
