import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import type { Scaler } from '@shunt/lanes';

/** Where the API server is, and who asks. */
export interface ClusterAccess {
  /** Such as `https://10.0.0.1:443`. */
  readonly server: string;
  readonly namespace: string;
  /** Read for each request, as it is replaced now and then. */
  readonly token: () => Promise<string>;
  /** Certificate of the authority, PEM. */
  readonly ca: string;
}

/** How long an answer may take, in ms. */
const timeoutMs = 5000;
const mergePatch = 'application/merge-patch+json';
/** Lower than any other pod's: the one with the lowest cost is stopped first. */
const lowestCost = '-1000';

/**
 * Scales a Deployment, ReplicaSet or StatefulSet by its scale subresource. Pods of workers are named as their workers are
 * (SHUNT_WORKER_ID from metadata.name): those that have nothing left get the lowest pod-deletion-cost, which a Deployment minds.
 */
export class KubernetesScaler implements Scaler {
  /** @param target such as `deployments/shunt-worker` */
  constructor(
    private readonly access: ClusterAccess,
    private readonly target: string,
  ) {}

  async resize(processes: number, idle: readonly string[]): Promise<void> {
    const { namespace } = this.access;
    const path = `/apis/apps/v1/namespaces/${namespace}/${this.target}/scale`;
    const { spec = {} } = (await this.call('GET', path)) as { spec?: { replicas?: number } };
    if (spec.replicas === processes) return;
    const annotations = { 'controller.kubernetes.io/pod-deletion-cost': lowestCost };
    for (const pod of idle) {
      await this.call('PATCH', `/api/v1/namespaces/${namespace}/pods/${pod}`, { metadata: { annotations } });
    }
    await this.call('PATCH', path, { spec: { replicas: processes } });
  }

  private async call(method: 'GET' | 'PATCH', path: string, body?: object): Promise<unknown> {
    const { server, ca, token } = this.access;
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${await token()}`,
      ...(body ? { 'content-type': mergePatch } : {}),
    };
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, server), { method, headers, ca, timeout: timeoutMs }, (reply) => {
        let text = '';
        reply.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        reply.on('error', reject).on('end', () => {
          // A pod that is gone needs no annotation.
          if (reply.statusCode === 404 && path.includes('/pods/')) resolve({});
          else if (reply.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`Kubernetes answered ${reply.statusCode} to ${method} ${path}`));
        });
      });
      sent.on('timeout', () => sent.destroy(new Error(`Kubernetes did not answer ${method} ${path} in time`)));
      sent.on('error', reject).end(body ? JSON.stringify(body) : undefined);
    });
  }
}

/** What a pod finds of its own cluster. @throws Error when the process runs in none */
export async function clusterAccess(
  environment: NodeJS.ProcessEnv,
  folder = '/var/run/secrets/kubernetes.io/serviceaccount',
): Promise<ClusterAccess> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = environment;
  if (!host) throw new Error('SHUNT_SCALE_TARGET needs a pod of Kubernetes: KUBERNETES_SERVICE_HOST is not set');
  const text = async (name: string) => (await readFile(`${folder}/${name}`, 'utf8')).trim();
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { server, namespace: await text('namespace'), token: () => text('token'), ca: await text('ca.crt') };
}
