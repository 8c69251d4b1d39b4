import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterAccess, KubernetesScaler } from './kubernetes.js';

const pem = (name: string) =>
  readFileSync(new URL(`../../../../test/support/tls/${name}.pem`, import.meta.url), 'utf8');
const scalePath = '/apis/apps/v1/namespaces/agents/deployments/shunt-worker/scale';

/** As much of an API server as a scaler meets: a Deployment's scale subresource, and pods. */
let server: Server;
let replicas: number;
let pods: Map<string, Record<string, string>>;
let calls: string[];
let folder: string;
let failWith: number | null;

beforeEach(async () => {
  [replicas, calls, failWith] = [3, [], null];
  pods = new Map(['w-a', 'w-b', 'w-c'].map((name) => [name, {}]));
  server = createServer({ key: pem('key'), cert: pem('cert') }, async (request, reply) => {
    const { method = '', url = '', headers } = request;
    let text = '';
    for await (const chunk of request) text += chunk;
    calls.push(`${method} ${url}`);
    const answer = (status: number, body: object) => reply.writeHead(status).end(JSON.stringify(body));
    if (failWith !== null) return answer(failWith, {});
    if (headers.authorization !== 'Bearer the-token') return answer(401, {});
    if (method === 'PATCH' && headers['content-type'] !== 'application/merge-patch+json') return answer(415, {});
    const pod = /^\/api\/v1\/namespaces\/agents\/pods\/(.+)$/.exec(url)?.[1];
    if (pod !== undefined) {
      if (!pods.has(pod)) return answer(404, {});
      pods.set(pod, JSON.parse(text).metadata.annotations);
      return answer(200, {});
    }
    if (url !== scalePath) return answer(404, {});
    if (method === 'PATCH') replicas = JSON.parse(text).spec.replicas;
    return answer(200, { spec: { replicas } });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  folder = mkdtempSync(join(tmpdir(), 'shunt-account-'));
  for (const [name, text] of [
    ['token', 'the-token\n'],
    ['namespace', 'agents'],
    ['ca.crt', pem('cert')],
  ] as const)
    writeFileSync(join(folder, name), text);
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  rmSync(folder, { recursive: true });
});

async function scaler(): Promise<KubernetesScaler> {
  const { port } = server.address() as AddressInfo;
  const environment = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(port) };
  return new KubernetesScaler(await clusterAccess(environment, folder), 'deployments/shunt-worker');
}

describe('a scaler of Kubernetes', () => {
  it('sets the replicas of its target, once', async () => {
    const one = await scaler();
    await one.resize(5, []);
    await one.resize(5, []);
    expect(replicas).toBe(5);
    expect(calls).toEqual([`GET ${scalePath}`, `PATCH ${scalePath}`, `GET ${scalePath}`]);
  });

  it('makes pods that have nothing left the first to go, before it takes any', async () => {
    await (await scaler()).resize(1, ['w-b', 'w-c']);
    expect(replicas).toBe(1);
    const cost = { 'controller.kubernetes.io/pod-deletion-cost': '-1000' };
    expect([...pods.values()]).toEqual([{}, cost, cost]);
    expect(calls.at(-1)).toBe(`PATCH ${scalePath}`);
  });

  it('does not mind a pod that is gone', async () => {
    await (await scaler()).resize(2, ['gone']);
    expect(replicas).toBe(2);
  });

  it('reads its token for each request', async () => {
    const one = await scaler();
    writeFileSync(join(folder, 'token'), 'an old one');
    await expect(one.resize(5, [])).rejects.toThrow(`Kubernetes answered 401 to GET ${scalePath}`);
    writeFileSync(join(folder, 'token'), 'the-token');
    await one.resize(5, []);
    expect(replicas).toBe(5);
  });

  it('says what was refused, and what does not answer', async () => {
    failWith = 403;
    await expect((await scaler()).resize(5, [])).rejects.toThrow('Kubernetes answered 403');
  });

  it('trusts no server but that of its cluster', async () => {
    const { port } = server.address() as AddressInfo;
    const access = await clusterAccess(
      { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: `${port}` },
      folder,
    );
    const other = new KubernetesScaler({ ...access, ca: '' }, 'deployments/shunt-worker');
    await expect(other.resize(5, [])).rejects.toThrow(/self-signed certificate/);
    expect(calls).toEqual([]);
  });

  it('needs a cluster', async () => {
    await expect(clusterAccess({}, folder)).rejects.toThrow('KUBERNETES_SERVICE_HOST is not set');
  });
});
