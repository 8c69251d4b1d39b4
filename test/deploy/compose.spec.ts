import { readSettings, type SettingName, settings } from '@shunt/runtime';
import { durationMs } from '@shunt/sdk';
import { describe, expect, it } from 'vitest';
import { readCompose } from './compose-file.js';
import { readDockerfile } from './dockerfile.js';

const { services, volumes } = readCompose();
const dockerfile = readDockerfile();
const all = Object.entries(services);
const redis = services.redis;
const ours = all.filter(([, service]) => service.build);
const countOf = (target: string) =>
  ours
    .filter(([, service]) => service.build?.target === target)
    .reduce((sum, [, { deploy }]) => sum + deploy.replicas, 0);

describe('docker-compose.yml', () => {
  it('runs one Redis, two dispatchers and three workers', () => {
    expect(redis?.deploy.replicas).toBe(1);
    expect(countOf('dispatcher')).toBe(2);
    expect(countOf('worker')).toBe(3);
  });

  it('pins the version of Redis', () => {
    expect(redis?.image).toMatch(/^redis:\d+\.\d+\.\d+-bookworm$/);
  });

  it('keeps Redis on disk every second and evicts nothing', () => {
    const command = redis?.command?.join(' ');

    expect(command).toContain('--appendonly yes --appendfsync everysec');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(redis?.volumes).toEqual(['redis-data:/data']);
    expect(volumes).toHaveProperty('redis-data');
  });

  it('publishes on the loopback address only, each port once', () => {
    const ports = all.flatMap(([, service]) => service.ports);

    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
    expect(new Set(ports.map((port) => port.split(':')[1])).size).toBe(ports.length);
  });

  it('publishes the port that the image listens on', () => {
    const published = ours.flatMap(([, { ports }]) => ports.map((port) => port.split(':')[2]));

    expect(published.every((port) => port === dockerfile.environment('dispatcher').SHUNT_HTTP_PORT)).toBe(true);
  });

  it.each(ours)('gives %s settings that exist and are valid', (_, service) => {
    const environment = { ...dockerfile.environment(service.build?.target ?? ''), ...service.environment };
    const names = Object.keys(environment).filter((name): name is SettingName => Object.hasOwn(settings, name));
    const values = readSettings(names, environment);

    expect(values.SHUNT_HTTP_HOST).toBe('0.0.0.0');
    expect(new URL(values.SHUNT_REDIS_URL).hostname).toBe('redis');
  });

  it.each(ours)('starts %s once Redis is healthy', (_, service) => {
    expect(service.depends_on).toEqual({ redis: { condition: 'service_healthy' } });
  });

  it.each(all)('restarts, confines and checks %s', (_, service) => {
    expect(service.restart).toBe('unless-stopped');
    expect(service.user).not.toMatch(/^(root|0)/);
    expect(service.init).toBe(true);
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.healthcheck.test[0]).toBe('CMD');
  });

  it('lets a worker end its tasks before the engine ends the worker', () => {
    const { stop_grace_period: stopGrace = '0s', environment } = services.worker ?? {};
    /** What the worker gives aborted tasks after the grace, by default. */
    const abortMs = 5000;

    expect(durationMs(stopGrace)).toBeGreaterThan(durationMs(environment?.SHUNT_SHUTDOWN_GRACE ?? '') + abortMs);
  });

  it.each(ours)('builds %s from a target of the Dockerfile and asks it as its image does', (_, service) => {
    const target = service.build?.target ?? '';

    expect(dockerfile.targets).toContain(target);
    expect(service.healthcheck.test).toEqual(['CMD', ...dockerfile.healthCommand(target)]);
  });
});
