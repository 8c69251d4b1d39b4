import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { version } from '@shunt/probes';
import type { ApiKey } from '@shunt/runtime';
import { connect } from '@shunt/sdk';
import type { FastifyInstance } from 'fastify';
import { apiRoutes } from './api-routes.js';
import type { DemoLink } from './demo-link.js';
import { DispatcherModule } from './dispatcher.module.js';
import { DispatcherService, type DispatcherServiceOptions } from './dispatcher.service.js';
import { type AgentKeyOptions, agentKeyBy } from './http/agent-key.js';
import { serveApi } from './http/api.js';
import { serveBoard } from './http/board.js';
import { identifyBy } from './http/caller.js';
import { serveDashboard } from './http/dashboard.js';
import { serveDocs } from './http/docs-page.js';
import { guard } from './http/gatekeeper.js';
import { assertMayListen } from './http/loopback.js';
import { NotFoundFilter } from './http/not-found.filter.js';
import { openApi } from './http/openapi.js';
import { RateMeter } from './http/rate-meter.js';
import { defaultRequestTimeoutMs, serverOptions } from './http/server-options.js';
import { Sessions } from './http/sessions.js';
import { LiveFeed } from './live/live-feed.js';

/** Options of a dispatcher's process. */
export interface DispatcherAppOptions extends DispatcherServiceOptions {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Who may use the HTTP API. Without it everybody on this machine may. */
  readonly apiKeys?: readonly ApiKey[] | undefined;
  /** Most requests a minute of one key. Defaults to 600,000. */
  readonly requestsPerMinute?: number;
  /** The agent of a task whose request names none. Defaults to none. */
  readonly agentKeys?: AgentKeyOptions;
  /** How long a client may take to send its request, in ms. Defaults to 30 s. */
  readonly requestTimeoutMs?: number;
  /** Most streams of events that are open at once. Defaults to 500. */
  readonly maxStreams?: number;
  /** The demo that runs it, by its channel. Defaults to none. */
  readonly demo?: DemoLink | undefined;
}

/**
 * A dispatcher that listens; its work begins with `start` of its {@link DispatcherService}.
 *
 * @throws ShuntError INVALID_CONFIG when it would serve the API beyond this machine without keys
 */
export async function listen(options: DispatcherAppOptions): Promise<NestFastifyApplication> {
  const {
    host,
    port,
    apiKeys,
    requestsPerMinute = 600_000,
    requestTimeoutMs,
    maxStreams = 500,
    agentKeys = {},
    demo,
    ...own
  } = options;
  assertMayListen(host, apiKeys !== undefined);
  const service = new DispatcherService(own);
  const client = connect({ redis: own.redis, pool: own.pool, prefix: own.prefix, sessionTtl: own.sessionTtl });
  const rates = new RateMeter();
  const adapter = new FastifyAdapter(serverOptions(requestTimeoutMs ?? defaultRequestTimeoutMs));
  const server = adapter.getInstance() as unknown as FastifyInstance;
  const sessions = new Sessions();
  guard(server, identifyBy(apiKeys), sessions, apiKeys !== undefined);
  const feed = new LiveFeed({
    look: (lastEntry) => service.look(lastEntry),
    own: () => ({ ...service.facts(), demo: demo?.tally ?? null }),
    onSample: ({ monotonicMs: atMs, stats: { enqueued, completed, failed } }) =>
      rates.add({ atMs, enqueued, completed, failed }),
  });
  // First of all: streams of events and waits for results would keep the server from closing.
  server.addHook('preClose', async () => {
    feed.stop();
    client.close();
  });
  const routes = apiRoutes({
    client,
    pool: own.pool,
    service,
    rates,
    feed,
    sessions,
    agentKey: agentKeyBy(agentKeys),
    demo,
  });
  await serveApi(server, routes, {
    requestsPerMinute,
    maxStreams,
    writeAudit: (entry) => client.pool.writeAudit(entry),
    onError: (error, request) => own.logger.error({ err: error, request }, 'request failed'),
  });
  await serveDocs(server, openApi(routes, version));
  await serveDashboard(server);
  await serveBoard(server, service.queue);
  const app = await NestFactory.create<NestFastifyApplication>(DispatcherModule.with(service), adapter, {
    logger: false,
    bodyParser: false,
  });
  app.useGlobalFilters(new NotFoundFilter());
  await app.listen(port, host);
  feed.start();
  return app;
}
