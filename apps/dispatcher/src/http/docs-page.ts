import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** Serves an OpenAPI document at `/openapi.json`, and a page made of it at `/docs`, to everybody. */
export async function serveDocs(server: FastifyInstance, document: object): Promise<void> {
  await server.register(async (docs) => {
    docs.addHook('onRoute', (options) => {
      options.config = { ...options.config, access: 'public' };
    });
    await docs.register(swagger, { mode: 'static', specification: { document: document as never } });
    await docs.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
    docs.get('/openapi.json', async () => document);
  });
}
