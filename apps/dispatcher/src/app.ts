import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ApiKey } from '@shunt/runtime';
import { connect } from '@shunt/sdk';
import type { FastifyInstance } from 'fastify';
import { DispatcherModule } from './dispatcher.module.js';
import { DispatcherService, type DispatcherServiceOptions } from './dispatcher.service.js';
import { serveApi } from './http/api.js';
import { identifyBy } from './http/caller.js';
import { serveDocs } from './http/docs-page.js';
import { guard } from './http/gatekeeper.js';
import { assertMayListen } from './http/loopback.js';
import { NotFoundFilter } from './http/not-found.filter.js';
import { openApi } from './http/openapi.js';
import { RateMeter } from './http/rate-meter.js';
import { agentRoutes } from './http/routes/agents.js';
import { alertRoute } from './http/routes/alerts.js';
import { eventRoutes } from './http/routes/events.js';
import { explainRoute } from './http/routes/explain.js';
import { poolRoutes } from './http/routes/pool.js';
import { scheduleRoutes } from './http/routes/schedules.js';
import { taskListRoute } from './http/routes/task-list.js';
import { taskRoutes } from './http/routes/tasks.js';
import { workerRoutes } from './http/routes/workers.js';
import { defaultRequestTimeoutMs, serverOptions } from './http/server-options.js';
import { version } from './version.js';

/** Time between looks at the pool's totals, for rates. */
const lookMs = 2000;

/** Options of a dispatcher's process. */
export interface DispatcherAppOptions extends DispatcherServiceOptions {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Who may use the HTTP API. Without it everybody on this machine may. */
  readonly apiKeys?: readonly ApiKey[] | undefined;
  /** Most requests a minute of one key. Defaults to 6,000. */
  readonly requestsPerMinute?: number;
  /** How long a client may take to send its request, in ms. Defaults to 30 s. */
  readonly requestTimeoutMs?: number;
}

/**
 * A dispatcher that listens; its work begins with `start` of its {@link DispatcherService}.
 *
 * @throws ShuntError INVALID_CONFIG when it would serve the API beyond this machine without keys
 */
export async function listen(options: DispatcherAppOptions): Promise<NestFastifyApplication> {
  const { host, port, apiKeys, requestsPerMinute = 6000, requestTimeoutMs, ...own } = options;
  assertMayListen(host, apiKeys !== undefined);
  const service = new DispatcherService(own);
  const client = connect({ redis: own.redis, pool: own.pool, prefix: own.prefix, sessionTtl: own.sessionTtl });
  const rates = new RateMeter();
  const adapter = new FastifyAdapter(serverOptions(requestTimeoutMs ?? defaultRequestTimeoutMs));
  const server = adapter.getInstance() as unknown as FastifyInstance;
  guard(server, identifyBy(apiKeys), apiKeys !== undefined);
  const look = async () => {
    const { enqueued, completed, failed } = await client.pool.totals();
    rates.add({ atMs: performance.now(), enqueued, completed, failed });
  };
  // What Redis does not answer is not looked at: the rates tell what they are over.
  const looking = setInterval(() => void look().catch(() => undefined), lookMs);
  // First of all: streams of events and waits for results would keep the server from closing.
  server.addHook('preClose', async () => {
    clearInterval(looking);
    client.close();
  });
  const { dispatcher } = service;
  const routes = [
    ...taskRoutes(client, service.metrics.enqueues),
    taskListRoute(client),
    explainRoute(client),
    ...eventRoutes(client),
    ...agentRoutes(client),
    ...workerRoutes(client),
    ...scheduleRoutes(client),
    alertRoute(client),
    ...poolRoutes({
      client,
      pool: own.pool,
      version,
      rates,
      dispatcher: () => ({
        id: dispatcher.id,
        isLeading: dispatcher.leadership.term > 0,
        isConnected: dispatcher.isConnected,
      }),
    }),
  ];
  await serveApi(server, routes, {
    requestsPerMinute,
    writeAudit: (entry) => client.pool.writeAudit(entry),
    onError: (error, request) => own.logger.error({ err: error, request }, 'request failed'),
  });
  await serveDocs(server, openApi(routes, version));
  const app = await NestFactory.create<NestFastifyApplication>(DispatcherModule.with(service), adapter, {
    logger: false,
    bodyParser: false,
  });
  app.useGlobalFilters(new NotFoundFilter());
  await app.listen(port, host);
  return app;
}
