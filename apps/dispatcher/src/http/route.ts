import type { ObjectSchema } from '@shunt/input';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Access, Caller } from './access.js';
import type { ServerEvents } from './event-stream.js';

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a route is asked. */
export interface Asked<Params, Query, Body> {
  readonly params: Output<Params>;
  readonly query: Output<Query>;
  readonly body: Output<Body>;
  readonly caller: Caller;
  readonly request: FastifyRequest;
}

/** What a route answers: JSON, unless it is a stream of events. */
export interface Answer {
  /** Defaults to 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** In place of a body. */
  readonly events?: ServerEvents;
}

/** How a change is told in the audit. */
export interface Audited<A> {
  /** Such as `worker.drain`. */
  readonly action: string;
  /** What it changes, such as `worker w1`; null for a request that changes nothing. */
  readonly target: (asked: A) => string | null;
}

/** One route: who may use it, what it takes and what it answers. The OpenAPI document is made of the same. */
export interface Route<
  Params extends ObjectSchema | undefined = ObjectSchema | undefined,
  Query extends ObjectSchema | undefined = ObjectSchema | undefined,
  Body extends ObjectSchema | undefined = ObjectSchema | undefined,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/v1`, as in `/tasks/{id}`. */
  readonly path: string;
  readonly access: Access;
  readonly tag: string;
  readonly summary: string;
  /** What the summary does not say. */
  readonly about?: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Whether the body may be left out. Defaults to false. */
  readonly isBodyOptional?: boolean;
  /** Largest body in bytes. Defaults to 1 MiB. */
  readonly bodyBytes?: number;
  /** Request headers that it minds, with what they are for. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What each status means, and the body's type; its media type is `application/json` unless said. */
  readonly answers: Readonly<
    Record<number, { readonly about: string; readonly type?: z.ZodType; readonly media?: string }>
  >;
  readonly audit?: Audited<Asked<Params, Query, Body>>;
  readonly handle: (asked: Asked<Params, Query, Body>) => Promise<Answer>;
}

/** Checks the types of a route's parts against each other. */
export function route<
  Params extends ObjectSchema | undefined = undefined,
  Query extends ObjectSchema | undefined = undefined,
  Body extends ObjectSchema | undefined = undefined,
>(definition: Route<Params, Query, Body>): Route {
  return definition as unknown as Route;
}
