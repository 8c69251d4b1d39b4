import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** This origin alone, with the styles that Swagger UI writes into its page. Nothing is upgraded to https: a dispatcher may be without. */
const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves an OpenAPI document at `/openapi.json`, and a page made of it at `/docs`, to everybody. */
export async function serveDocs(server: FastifyInstance, document: object): Promise<void> {
  await server.register(async (docs) => {
    docs.addHook('onRoute', (options) => {
      options.config = { ...options.config, access: 'public' };
    });
    await docs.register(swagger, { mode: 'static', specification: { document: document as never } });
    await docs.register(swaggerUi, { routePrefix: '/docs', staticCSP: policy });
    docs.get('/openapi.json', async () => document);
  });
}
