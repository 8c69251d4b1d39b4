import { setTimeout as sleep } from 'node:timers/promises';
import {
  effectiveSettings,
  givenSettings,
  loggerOf,
  poolBreaker,
  poolBreakerNames,
  readSettings,
  runProcess,
} from '@shunt/runtime';
import { listen } from './app.js';
import { DemoLink } from './demo-link.js';
import { DispatcherService } from './dispatcher.service.js';
import { assertStrategies, loadStrategies } from './load-strategies.js';
import { clusterAccess, KubernetesScaler } from './scaling/kubernetes.js';

const names = [
  'SHUNT_SETTINGS',
  'SHUNT_REDIS_URL',
  'SHUNT_POOL',
  'SHUNT_PREFIX',
  'SHUNT_STRATEGIES',
  'SHUNT_STRATEGY',
  'SHUNT_BIND',
  'SHUNT_SHADOW_STRATEGY',
  'SHUNT_MAX_WAITING',
  'SHUNT_MAX_WAITING_AGE',
  'SHUNT_FACTOR_WEIGHTS',
  'SHUNT_ZONE_DISTANCES',
  'SHUNT_AFFINITY',
  'SHUNT_SPILL_AFTER',
  'SHUNT_MOVE_BUDGET',
  'SHUNT_SESSION_TTL',
  'SHUNT_LEASE',
  ...poolBreakerNames,
  'SHUNT_CONFIG',
  'SHUNT_ALERT_WEBHOOK',
  'SHUNT_SCALE_TARGET',
  'SHUNT_HTTP_HOST',
  'SHUNT_HTTP_PORT',
  'SHUNT_API_KEYS',
  'SHUNT_HTTP_RATE_LIMIT',
  'SHUNT_AGENT_HEADER',
  'SHUNT_AGENT_COOKIE',
  'SHUNT_AGENT_BY_ADDRESS',
  'SHUNT_TRUSTED_PROXIES',
  'SHUNT_LOG_LEVEL',
] as const;

/** By which the demo starts it. */
const demoFlag = '--demo';
const program = { name: 'shunt-dispatcher', about: 'Dispatches the tasks of a pool', settings: names };

/** Giving up the leadership takes milliseconds; without Redis it is not waited for, as the lease ends by itself. */
const stopMs = 5000;

await runProcess(async () => {
  const argv = process.argv.slice(2).filter((word) => word !== demoFlag);
  const given = givenSettings(program, argv, process.env);
  const settings = readSettings(names, given.values);
  const logger = loggerOf(settings.SHUNT_LOG_LEVEL, 'shunt-dispatcher');
  const target = settings.SHUNT_SCALE_TARGET;
  const scaler = target === undefined ? undefined : new KubernetesScaler(await clusterAccess(process.env), target);
  const strategies = await loadStrategies(settings.SHUNT_STRATEGIES);
  const { SHUNT_STRATEGY, SHUNT_SHADOW_STRATEGY } = settings;
  assertStrategies({ SHUNT_STRATEGY, SHUNT_SHADOW_STRATEGY }, strategies);
  const app = await listen({
    host: settings.SHUNT_HTTP_HOST,
    port: settings.SHUNT_HTTP_PORT,
    apiKeys: settings.SHUNT_API_KEYS,
    requestsPerMinute: settings.SHUNT_HTTP_RATE_LIMIT,
    agentKeys: {
      header: settings.SHUNT_AGENT_HEADER,
      cookie: settings.SHUNT_AGENT_COOKIE,
      byAddress: settings.SHUNT_AGENT_BY_ADDRESS === 'on',
      trustedProxies: settings.SHUNT_TRUSTED_PROXIES,
    },
    redis: settings.SHUNT_REDIS_URL,
    pool: settings.SHUNT_POOL,
    prefix: settings.SHUNT_PREFIX,
    strategies,
    strategy: settings.SHUNT_STRATEGY,
    bind: settings.SHUNT_BIND,
    shadowStrategy: settings.SHUNT_SHADOW_STRATEGY,
    ...(settings.SHUNT_MAX_WAITING === undefined ? {} : { maxWaiting: settings.SHUNT_MAX_WAITING }),
    ...(settings.SHUNT_MAX_WAITING_AGE === undefined ? {} : { maxWaitingAge: settings.SHUNT_MAX_WAITING_AGE }),
    factorWeights: settings.SHUNT_FACTOR_WEIGHTS,
    zoneDistances: settings.SHUNT_ZONE_DISTANCES,
    affinity: settings.SHUNT_AFFINITY,
    spillAfter: settings.SHUNT_SPILL_AFTER,
    moveBudget: settings.SHUNT_MOVE_BUDGET,
    sessionTtl: settings.SHUNT_SESSION_TTL,
    lease: settings.SHUNT_LEASE,
    ...poolBreaker(settings),
    configFile: settings.SHUNT_CONFIG,
    scaler,
    alertWebhook: settings.SHUNT_ALERT_WEBHOOK,
    demo: process.argv.includes(demoFlag) ? new DemoLink(process) : undefined,
    logger,
  });
  const service = app.get(DispatcherService);
  service.start();
  const endpoint = await app.getUrl();
  process.send?.({ endpoint });
  const dispatcher = service.dispatcher.id;
  logger.info({ dispatcher, endpoint, settings: effectiveSettings(names, given) }, 'dispatcher started');
  return {
    ended: service.refused,
    logger,
    stop: async () => {
      logger.info('dispatcher stopping');
      const closed = app.close().then(() => 'clean' as const);
      const outcome = await Promise.race([closed, sleep(stopMs, 'forced' as const)]);
      logger.info({ outcome }, 'dispatcher stopped');
      return outcome;
    },
  };
});
