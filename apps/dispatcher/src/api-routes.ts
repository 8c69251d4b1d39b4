import { version } from '@shunt/probes';
import type { Shunt } from '@shunt/sdk';
import type { DemoLink } from './demo-link.js';
import type { DispatcherService } from './dispatcher.service.js';
import type { AgentKey } from './http/agent-key.js';
import type { RateMeter } from './http/rate-meter.js';
import type { Route } from './http/route.js';
import { agentRoutes } from './http/routes/agents.js';
import { alertRoute } from './http/routes/alerts.js';
import { demoRoute } from './http/routes/demo.js';
import { eventRoutes } from './http/routes/events.js';
import { explainRoute } from './http/routes/explain.js';
import { journalRoute } from './http/routes/journal.js';
import { liveRoute } from './http/routes/live.js';
import { meRoute } from './http/routes/me.js';
import { poolRoutes } from './http/routes/pool.js';
import { scaleRoutes } from './http/routes/scale.js';
import { scheduleRoutes } from './http/routes/schedules.js';
import { scoresRoute } from './http/routes/scores.js';
import { sessionRoutes } from './http/routes/session.js';
import { taskListRoute } from './http/routes/task-list.js';
import { taskRoutes } from './http/routes/tasks.js';
import { workerRoutes } from './http/routes/workers.js';
import type { Sessions } from './http/sessions.js';
import type { LiveFeed } from './live/live-feed.js';

/** What the routes of the API are made of. */
export interface ApiParts {
  readonly client: Shunt;
  /** The pool that is served. */
  readonly pool: string;
  readonly service: DispatcherService;
  readonly rates: RateMeter;
  readonly feed: LiveFeed;
  readonly sessions: Sessions;
  /** The agent of a task whose request names none. */
  readonly agentKey: AgentKey;
  readonly demo: DemoLink | undefined;
}

/** Every route of the API. */
export function apiRoutes({ client, pool, service, rates, feed, sessions, agentKey, demo }: ApiParts): Route[] {
  const { dispatcher, metrics } = service;
  const state = () => ({
    id: dispatcher.id,
    isLeading: dispatcher.leadership.term > 0,
    isConnected: dispatcher.isConnected,
  });
  return [
    ...taskRoutes(client, metrics.enqueues, agentKey),
    taskListRoute(client),
    explainRoute(client),
    ...eventRoutes(client),
    journalRoute(client),
    liveRoute(feed),
    meRoute({ pool, version, isDemo: demo !== undefined }),
    ...sessionRoutes(sessions),
    ...agentRoutes(client),
    ...workerRoutes(client),
    ...scheduleRoutes(client),
    alertRoute(client, () => service.alerts),
    ...scaleRoutes(client, pool),
    scoresRoute(dispatcher, pool),
    ...poolRoutes({ client, pool, version, rates, dispatcher: state }),
    ...(demo === undefined ? [] : [demoRoute(demo)]),
  ];
}
