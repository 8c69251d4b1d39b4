import { createHash } from 'node:crypto';
import { type ApiKey, loggerOf, type Role, roles } from '@shunt/runtime';
import { test } from 'vitest';
import { type DispatcherAppOptions, listen } from '../../apps/dispatcher/src/app.js';
import { DispatcherService } from '../../apps/dispatcher/src/dispatcher.service.js';
import type { KnownRoute } from '../../apps/dispatcher/src/http/gatekeeper.js';
import { SdkPool } from '../integration/sdk/sdk-pool.js';

/** The key of each role, as its owner sends it. */
export const keyOf = (role: Role): string => `key-of-${role}`;

const apiKeys: readonly ApiKey[] = roles.map((role) => {
  return { name: `the-${role}`, role, sha256: createHash('sha256').update(keyOf(role)).digest('hex') };
});

/** What a request of a test says, besides its path. */
export interface Sent {
  readonly method?: string;
  /** Whose key it carries. Defaults to the admin's; null for none. */
  readonly as?: Role | null;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A dispatcher's process as `npm run dispatcher` boots it, of a pool of its own. */
export class HttpPool extends SdkPool {
  private readonly apps: Awaited<ReturnType<typeof listen>>[] = [];

  /** Boots one. Its API takes {@link keyOf} of each role. */
  async boot(options: Partial<DispatcherAppOptions> = {}): Promise<HttpApi> {
    const app = await this.listen(options);
    app.get(DispatcherService).start();
    return apiOf(app);
  }

  /** One that listens and does nothing else. */
  async bootIdle(options: Partial<DispatcherAppOptions> = {}): Promise<HttpApi> {
    return apiOf(await this.listen(options));
  }

  private async listen(options: Partial<DispatcherAppOptions>) {
    const app = await listen({
      redis: this.url,
      pool: this.pool,
      sweep: 100,
      host: '127.0.0.1',
      port: 0,
      apiKeys,
      logger: loggerOf('silent', 'test'),
      ...options,
    });
    this.apps.push(app);
    return app;
  }

  /** Stops them as a signal does. */
  async stopApps(): Promise<void> {
    for (const app of this.apps.splice(0)) await app.close();
  }

  override async close(): Promise<void> {
    await this.stopApps();
    await super.close();
  }
}

async function apiOf(app: Awaited<ReturnType<typeof listen>>): Promise<HttpApi> {
  const { knownRoutes } = app.getHttpAdapter().getInstance() as unknown as { knownRoutes: readonly KnownRoute[] };
  return new HttpApi(await app.getUrl(), knownRoutes);
}

/** A booted API. */
export class HttpApi {
  constructor(
    readonly url: string,
    readonly routes: readonly KnownRoute[],
  ) {}

  /** Sends a request. */
  async send(
    path: string,
    { method = 'GET', as = 'admin', json, body, headers, signal }: Sent = {},
  ): Promise<Response> {
    const sent = json === undefined ? body : JSON.stringify(json);
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${keyOf(as)}` }),
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Posts JSON. */
  post(path: string, json: unknown, sent: Sent = {}): Promise<Response> {
    return this.send(path, { method: 'POST', json, ...sent });
  }
}

/** `it` of a spec about the HTTP API. */
export const it = test.extend<{ pool: HttpPool; api: HttpApi }>({
  pool: async ({ task: _task }, use) => {
    const pool = new HttpPool();
    await use(pool);
    await pool.close();
  },
  api: async ({ pool }, use) => use(await pool.boot()),
});
