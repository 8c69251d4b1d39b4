import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { usualScale } from '@shunt/health';
import { readSettings, type SettingName, settings } from '@shunt/runtime';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readDockerfile } from './dockerfile.js';

const folder = fileURLToPath(new URL('../../deploy/kubernetes/', import.meta.url));
interface Manifest {
  readonly file: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: a manifest is as it is written
  readonly spec: any;
}
const manifests = readdirSync(folder).flatMap((file) =>
  parseAllDocuments(readFileSync(folder + file, 'utf8')).map(
    (one) => ({ file, ...(one.toJS() as object) }) as Manifest,
  ),
);
const find = (kind: string, name: string) => {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
};
const deployments = ['shunt-dispatcher', 'shunt-worker'].map((name) => find('Deployment', name));
const containerOf = ({ spec }: Manifest) => spec.template.spec.containers[0];
const port = Number(readDockerfile().environment('dispatcher').SHUNT_HTTP_PORT);
/** What is told and not taken from elsewhere in the cluster. */
const environmentOf = (one: Manifest): Record<string, string> =>
  Object.fromEntries(
    containerOf(one)
      .env.filter(({ value }: { value?: string }) => value !== undefined)
      .map(({ name, value }: { name: string; value: string }) => [name, value]),
  );

describe('deploy/kubernetes', () => {
  it('is good YAML, each document with kind, version and name', () => {
    const shape = z.looseObject({
      apiVersion: z.string(),
      kind: z.string(),
      metadata: z.looseObject({ name: z.string() }),
    });
    for (const file of readdirSync(folder)) {
      for (const document of parseAllDocuments(readFileSync(folder + file, 'utf8'))) {
        expect(document.errors).toEqual([]);
        shape.parse(document.toJS());
      }
    }
  });

  it.each(deployments)('gives $metadata.name settings that exist and are valid', (one) => {
    const names = containerOf(one).env.map(({ name }: { name: string }) => name) as SettingName[];
    expect(names.filter((name) => !Object.hasOwn(settings, name))).toEqual([]);
    expect(() => readSettings(names, environmentOf(one))).not.toThrow();
  });

  it.each(deployments)('asks $metadata.name where its image listens, and scrapes it there', (one) => {
    const { ports, livenessProbe, readinessProbe } = containerOf(one);
    expect(ports).toEqual([{ name: 'http', containerPort: port }]);
    expect([livenessProbe.httpGet, readinessProbe.httpGet]).toEqual([
      { path: '/livez', port: 'http' },
      { path: '/readyz', port: 'http' },
    ]);
    expect(one.spec.template.metadata.annotations['prometheus.io/port']).toBe(String(port));
    expect(one.spec.selector.matchLabels).toEqual(one.spec.template.metadata.labels);
  });

  it.each(deployments)('lets $metadata.name do no more than it must', (one) => {
    expect(containerOf(one).securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 1000,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
  });

  const worker = find('Deployment', 'shunt-worker');

  it('lets a worker live longer than its grace and abort', () => {
    const { SHUNT_SHUTDOWN_GRACE: grace, SHUNT_SHUTDOWN_ABORT: abort } = readSettings(
      ['SHUNT_SHUTDOWN_GRACE', 'SHUNT_SHUTDOWN_ABORT'],
      environmentOf(worker),
    );
    expect(worker.spec.template.spec.terminationGracePeriodSeconds * 1000).toBeGreaterThan(grace + abort);
  });

  it('names workers as their pods, which scaling in goes by, and leaves the number to who scales', () => {
    const id = containerOf(worker).env.find(({ name }: { name: string }) => name === 'SHUNT_WORKER_ID');
    expect(id.valueFrom).toEqual({ fieldRef: { fieldPath: 'metadata.name' } });
    expect(worker.spec.template.metadata.annotations).toHaveProperty(
      ['controller.kubernetes.io/pod-deletion-cost'],
      '0',
    );
    expect(worker.spec.replicas).toBeUndefined();
  });

  it('lets the dispatchers scale what SHUNT_SCALE_TARGET names, and nothing else', () => {
    const [kind, name] = environmentOf(find('Deployment', 'shunt-dispatcher')).SHUNT_SCALE_TARGET?.split('/') ?? [];
    expect(find('Deployment', name ?? '').kind).toBe('Deployment');
    const { rules } = find('Role', 'shunt-dispatcher') as unknown as { rules: unknown[] };
    expect(rules).toEqual([
      { apiGroups: ['apps'], resources: [`${kind}/scale`], resourceNames: [name], verbs: ['get', 'patch'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['patch'] },
    ]);
  });

  it('has KEDA and the HPA follow the advice within its usual bounds', () => {
    const { spec: keda } = find('ScaledObject', 'shunt-worker');
    const [trigger] = keda.triggers;
    const pool = environmentOf(worker).SHUNT_POOL;
    expect(trigger.metadata).toMatchObject({
      url: `http://shunt-dispatcher:${port}/v1/pools/${pool}/scale`,
      valueLocation: 'desired',
      targetValue: '1',
    });
    const { spec: hpa } = find('HorizontalPodAutoscaler', 'shunt-worker');
    expect(hpa.metrics[0].external).toMatchObject({
      metric: { name: 'shunt_desired_workers' },
      target: { averageValue: '1' },
    });
    for (const { kind, name } of [keda.scaleTargetRef, hpa.scaleTargetRef]) expect(find(kind, name)).toBe(worker);
    const { min, max } = usualScale;
    expect([keda.minReplicaCount, keda.maxReplicaCount]).toEqual([min, max]);
    expect([hpa.minReplicas, hpa.maxReplicas]).toEqual([min, max]);
    expect(find('Service', 'shunt-dispatcher').spec.ports[0].port).toBe(port);
  });
});
