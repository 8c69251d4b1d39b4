import 'reflect-metadata';
import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { getShuntToken } from './decorators.js';
import { ConfigurableModuleClass, ROOT_OPTIONS, type ShuntModuleOptions } from './module-options.js';
import { PoolHost } from './pool-host.js';
import { PoolHosts } from './pool-hosts.js';
import { ShuntHealthIndicator } from './shunt.health.js';
import { ShuntRuntime } from './shunt-runtime.js';
import { ShutdownHooks } from './shutdown-hooks.js';
import { TaskClasses } from './task-classes.js';

/**
 * Shunt in a Nest application: `forRoot` or `forRootAsync` once, for the pool it works for and enqueues to; `forFeature` for each
 * further pool.
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    ShuntRuntime,
    TaskClasses,
    PoolHosts,
    ShutdownHooks,
    ShuntHealthIndicator,
    hostOf(undefined),
    clientOf(undefined),
  ],
  exports: [ROOT_OPTIONS, ShuntRuntime, TaskClasses, PoolHosts, ShuntHealthIndicator, getShuntToken()],
})
export class ShuntModule extends ConfigurableModuleClass {
  /**
   * Another pool: its client is `@InjectShunt(pool)`, its tasks are those of classes with `@AgentTasks(pool)`. Its options are in `pools` of
   * `forRoot`.
   */
  static forFeature(pool: string): DynamicModule {
    return { module: ShuntFeatureModule, providers: [hostOf(pool), clientOf(pool)], exports: [getShuntToken(pool)] };
  }
}

/** Holds one pool of `forFeature`. */
@Module({})
class ShuntFeatureModule {}

function hostToken(pool?: string): string {
  return `SHUNT_POOL_HOST:${pool ?? ''}`;
}

function hostOf(pool: string | undefined): FactoryProvider {
  return {
    provide: hostToken(pool),
    inject: [ROOT_OPTIONS, ShuntRuntime, TaskClasses, PoolHosts],
    useFactory: (root: ShuntModuleOptions, runtime: ShuntRuntime, classes: TaskClasses, hosts: PoolHosts) => {
      const { pools, ...common } = root;
      const options = pool === undefined ? common : { ...common, ...pools?.[pool], pool };
      const host = new PoolHost(pool, options, runtime, classes);
      hosts.add(pool, host);
      return host;
    },
  };
}

function clientOf(pool: string | undefined): FactoryProvider {
  return { provide: getShuntToken(pool), inject: [hostToken(pool)], useFactory: ({ client }: PoolHost) => client };
}
