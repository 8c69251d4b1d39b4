import { Inject } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

/** What `@AgentTasks` says of a class. */
export const agentTasks = DiscoveryService.createDecorator<{ readonly pool: string | undefined }>();
/** What `@AgentTask` says of a method. */
export const agentTask = DiscoveryService.createDecorator<{ readonly name: string }>();
/** Marks the methods that open and close states. */
export const agentOpen = DiscoveryService.createDecorator<object>();
export const agentClose = DiscoveryService.createDecorator<object>();

/**
 * Marks a provider whose methods handle tasks.
 *
 * @param pool one of `forFeature`. Defaults to the pool of `forRoot`
 */
export const AgentTasks = (pool?: string): ClassDecorator => agentTasks({ pool }) as ClassDecorator;

/** Marks the method that handles tasks of a name: it is called with `(input, ctx)`, as a handler of `createWorker`. */
export const AgentTask = (name: string): MethodDecorator => agentTask({ name }) as MethodDecorator;

/** Marks the method that opens an agent's state, as `onAgentOpen` of `createWorker`; one of a pool. */
export const OnAgentOpen = (): MethodDecorator => agentOpen({}) as MethodDecorator;

/** Marks the method that closes an agent's state, as `onAgentClose` of `createWorker`; one of a pool. */
export const OnAgentClose = (): MethodDecorator => agentClose({}) as MethodDecorator;

/** The token of a pool's client. Defaults to that of the pool of `forRoot`. */
export const getShuntToken = (pool?: string): string => (pool === undefined ? 'SHUNT_CLIENT' : `SHUNT_CLIENT:${pool}`);

/** Injects a pool's client, a `Shunt`. Defaults to that of the pool of `forRoot`. */
export const InjectShunt = (pool?: string): ParameterDecorator & PropertyDecorator => Inject(getShuntToken(pool));
