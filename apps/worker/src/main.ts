import { setTimeout as sleep } from 'node:timers/promises';
import { inWords, openPatientRedis, poolKeys, queueNameOf } from '@shunt/lanes';
import { startProbes } from '@shunt/probes';
import {
  effectiveSettings,
  errorReporter,
  givenSettings,
  loggerOf,
  readSettings,
  runProcess,
  tellReturns,
  workerBreaker,
  workerBreakerNames,
} from '@shunt/runtime';
import { createWorker } from '@shunt/sdk';
import { builtinHandlers } from './builtin-handlers.js';
import { tellHandlerFaults } from './handler-faults.js';
import { healthUrlOf } from './health-url.js';
import { loadHandlers } from './load-handlers.js';
import { workerMetrics } from './worker-metrics.js';

const names = [
  'SHUNT_SETTINGS',
  'SHUNT_REDIS_URL',
  'SHUNT_POOL',
  'SHUNT_PREFIX',
  'SHUNT_WORKER_ID',
  'SHUNT_SLOTS',
  'SHUNT_WEIGHT',
  'SHUNT_ZONE',
  'SHUNT_LABELS',
  'SHUNT_MAX_AGENTS',
  'SHUNT_HANDLERS',
  'SHUNT_COMMAND',
  'SHUNT_TARGET_HOSTS',
  'SHUNT_TARGET_NETWORKS',
  'SHUNT_SESSION_TTL',
  'SHUNT_HEARTBEAT',
  'SHUNT_LEASE',
  'SHUNT_SHUTDOWN_GRACE',
  'SHUNT_SHUTDOWN_ABORT',
  ...workerBreakerNames,
  'SHUNT_HTTP_HOST',
  'SHUNT_HTTP_PORT',
  'SHUNT_HEALTH_URL',
  'SHUNT_LOG_LEVEL',
] as const;

/** Several workers share a machine, so each takes a free port unless told. */
const defaults = { SHUNT_HTTP_PORT: '0' };

const program = { name: 'shunt-worker', about: 'Runs handlers for a pool', settings: names, defaults };

/** A scrape waits no longer for Redis. */
const scrapeMs = 1000;

await runProcess(async () => {
  const given = givenSettings(program, process.argv.slice(2), process.env);
  const settings = readSettings(names, given.values, defaults);
  const logger = loggerOf(settings.SHUNT_LOG_LEVEL, 'shunt-worker');
  const own = settings.SHUNT_HANDLERS === undefined ? {} : await loadHandlers(settings.SHUNT_HANDLERS);
  const builtins = builtinHandlers({
    command: settings.SHUNT_COMMAND,
    hosts: settings.SHUNT_TARGET_HOSTS ?? [],
    networks: settings.SHUNT_TARGET_NETWORKS ?? [],
  });
  const probed = { notReady: (): string | null => 'starting', metrics: async () => '' };
  const probes = await startProbes(settings.SHUNT_HTTP_HOST, settings.SHUNT_HTTP_PORT, {
    notReady: () => probed.notReady(),
    metrics: () => probed.metrics(),
  });
  const endpoint = await probes.getUrl();
  const worker = createWorker({
    redis: settings.SHUNT_REDIS_URL,
    pool: settings.SHUNT_POOL,
    prefix: settings.SHUNT_PREFIX,
    ...(settings.SHUNT_WORKER_ID === undefined ? {} : { id: settings.SHUNT_WORKER_ID }),
    slots: settings.SHUNT_SLOTS,
    weight: settings.SHUNT_WEIGHT,
    zone: settings.SHUNT_ZONE,
    labels: settings.SHUNT_LABELS,
    maxAgents: settings.SHUNT_MAX_AGENTS,
    handlers: { ...builtins, ...own },
    sessionTtl: settings.SHUNT_SESSION_TTL,
    heartbeat: settings.SHUNT_HEARTBEAT,
    lease: settings.SHUNT_LEASE,
    breaker: workerBreaker(settings),
    healthUrl: settings.SHUNT_HEALTH_URL ?? healthUrlOf(endpoint),
    shutdown: { grace: settings.SHUNT_SHUTDOWN_GRACE, abort: settings.SHUNT_SHUTDOWN_ABORT },
  });
  worker.lane.on('failed', (job, error) => logger.warn({ task: job?.id, attempt: job?.attemptsMade }, error.message));
  const redis = openPatientRedis(settings.SHUNT_REDIS_URL);
  tellReturns(redis, logger);
  const report = errorReporter(logger);
  worker.lane.on('error', (error) => report(inWords(redis, error)));
  const lane = poolKeys(queueNameOf(settings.SHUNT_POOL), settings.SHUNT_PREFIX).lane(worker.id, 'prioritized');
  const registry = workerMetrics(worker, async () => {
    const silence = sleep(scrapeMs, undefined, { ref: false }).then((): never => {
      throw new Error('Redis does not answer');
    });
    return Promise.race([redis.zcard(lane), silence]);
  });
  probed.notReady = () => notReady(redis.status === 'ready', worker.lane.isRunning());
  probed.metrics = () => registry.metrics();
  let isStopping = false;
  tellHandlerFaults(logger, () => isStopping);
  process.send?.({ worker: worker.id });
  logger.info({ worker: worker.id, endpoint, settings: effectiveSettings(names, given, defaults) }, 'worker started');
  const ended = worker.run().finally(() => {
    isStopping = true;
  });
  return {
    ended,
    logger,
    stop: async () => {
      isStopping = true;
      logger.info('worker stopping');
      const outcome = await worker.close();
      logger.info({ outcome, running: worker.lane.runningCount }, 'worker stopped');
      await probes.close();
      redis.disconnect();
      return outcome;
    },
  };
});

function notReady(isConnected: boolean, isRegistered: boolean): string | null {
  if (!isConnected) return 'Redis does not answer';
  return isRegistered ? null : 'not registered with Redis yet';
}
