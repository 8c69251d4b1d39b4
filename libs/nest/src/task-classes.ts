import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type AgentHooks, type Handler, invalidConfig } from '@shunt/sdk';
import { agentClose, agentOpen, agentTask, agentTasks } from './decorators.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];
type Method = (...args: unknown[]) => unknown;

/** What the classes of a pool handle. */
export interface PoolTasks {
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly hooks: AgentHooks;
}

/** Finds what an application's classes with `@AgentTasks` do. */
@Injectable()
export class TaskClasses {
  private readonly scanner = new MetadataScanner();

  constructor(private readonly discovery: DiscoveryService) {}

  /** Pools that classes are of; undefined is that of `forRoot`. */
  pools(): (string | undefined)[] {
    return this.classes().map((wrapper) => this.poolOf(wrapper));
  }

  /**
   * What the classes of a pool handle.
   *
   * @throws ShuntError INVALID_CONFIG for two methods of the same task or hook, or a class that is made for each request
   */
  of(pool: string | undefined): PoolTasks {
    const handlers = new Map<string, { readonly at: string; readonly method: Method }>();
    for (const wrapper of this.classes().filter((one) => this.poolOf(one) === pool)) {
      if (!wrapper.isDependencyTreeStatic() || wrapper.isTransient)
        throw invalidConfig([
          { field: String(wrapper.name), message: 'must be a singleton: it, or what it injects, is not' },
        ]);
      for (const [key, at, method] of this.methodsOf(wrapper)) {
        const before = handlers.get(key);
        if (before) throw invalidConfig([{ field: at, message: `says the same as ${before.at}: ${key}` }]);
        handlers.set(key, { at, method });
      }
    }
    const named = [...handlers].filter(([key]) => key.startsWith(taskPrefix));
    return {
      handlers: Object.fromEntries(named.map(([key, { method }]) => [key.slice(taskPrefix.length), method])),
      hooks: { onAgentOpen: handlers.get(openKey)?.method, onAgentClose: handlers.get(closeKey)?.method },
    };
  }

  private classes(): Wrapper[] {
    return this.discovery.getProviders({ metadataKey: agentTasks.KEY });
  }

  private poolOf(wrapper: Wrapper): string | undefined {
    return this.discovery.getMetadataByDecorator(agentTasks, wrapper)?.pool;
  }

  private *methodsOf(wrapper: Wrapper): Generator<[key: string, at: string, method: Method]> {
    const { instance } = wrapper;
    for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance))) {
      const at = `${wrapper.name}.${name}`;
      const method: Method = instance[name].bind(instance);
      const says = (decorator: typeof agentOpen) => this.discovery.getMetadataByDecorator(decorator, wrapper, name);
      const task = this.discovery.getMetadataByDecorator(agentTask, wrapper, name);
      if (task) yield [taskPrefix + task.name, at, method];
      if (says(agentOpen)) yield [openKey, at, method];
      if (says(agentClose)) yield [closeKey, at, method];
    }
  }
}

const taskPrefix = '@AgentTask ';
const openKey = '@OnAgentOpen';
const closeKey = '@OnAgentClose';
