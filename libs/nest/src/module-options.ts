import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { AgentHooks, ConnectOptions, WorkerOptions } from '@shunt/sdk';

/** Options of the worker of a pool: those of `createWorker`, without its place and what classes say. */
export type PoolWorkerOptions = Omit<WorkerOptions, keyof ConnectOptions | keyof AgentHooks | 'handlers'>;

/** A pool that an application enqueues to and works for. */
export interface ShuntPoolOptions extends ConnectOptions {
  /**
   * Of the worker, which runs where a class has `@AgentTasks` of the pool; `false` for a process that only enqueues. Defaults to those of
   * `createWorker`.
   */
  readonly worker?: PoolWorkerOptions | false | undefined;
}

/** Options of `forRoot`. */
export interface ShuntModuleOptions extends ShuntPoolOptions {
  /** Of the pools of `forFeature`, by name. What is not said there is as it is here. */
  readonly pools?: Readonly<Record<string, Omit<ShuntPoolOptions, 'pool'>>> | undefined;
}

/** `forRoot`, and `forRootAsync` with `useFactory`, `useClass` or `useExisting`; what such a class has to have is `createShuntOptions`. */
export const {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN: ROOT_OPTIONS,
  OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<ShuntModuleOptions>({ moduleName: 'Shunt' })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createShuntOptions')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();
