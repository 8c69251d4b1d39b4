import { type FastifyInstance, fastify } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { identifyBy } from './caller.js';
import { guard } from './gatekeeper.js';
import { serverOptions } from './server-options.js';
import { Sessions } from './sessions.js';

/** A server with the guard, which has a route for the probes. */
function guarded(): FastifyInstance {
  const server = fastify(serverOptions(1000)) as unknown as FastifyInstance;
  onTestFinished(() => server.close());
  guard(server, identifyBy(undefined), new Sessions(), false);
  server.get('/livez', { config: { access: 'public' } }, async () => 'ok');
  return server;
}

describe('a server with the guard', () => {
  it('listens when each route has a rule', async () => {
    const server = guarded();
    await server.listen({ host: '127.0.0.1', port: 0 });
    expect(server.server.listening).toBe(true);
  });

  it('does not listen when routes have none, and names each, those of a plugin too', async () => {
    const server = guarded();
    server.post('/open', async () => 'hi');
    server.register(async (plugin) => void plugin.get('/status', async () => 'hi'), { prefix: '/plugin' });
    await expect(server.listen({ host: '127.0.0.1', port: 0 })).rejects.toThrow(
      'routes without a rule who may use them: POST /open, GET /plugin/status',
    );
    expect(server.server.listening).toBe(false);
  });
});
