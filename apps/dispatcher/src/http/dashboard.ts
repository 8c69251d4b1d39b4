import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where the build has put the page: beside this program, or in `dist` when it runs from its sources. */
const places = ['../../../../dist/apps/dashboard', '../../../dashboard'].map((path) => join(import.meta.dirname, path));
const notBuilt = '<!doctype html><title>Shunt</title><p>The page is not built: <code>npm run build</code></p>';

/** The page runs its own scripts alone, asks this origin alone, and is shown in no frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the page at `/` to everybody: it holds no data, and asks for it with the key of whoever sits before it. */
export async function serveDashboard(server: FastifyInstance): Promise<void> {
  const place = places.find((path) => existsSync(join(path, 'assets')));
  const page = place === undefined ? notBuilt : readFileSync(join(place, 'index.html'), 'utf8');
  await server.register(async (pages) => {
    pages.addHook('onRoute', (options) => {
      options.config = { ...options.config, access: 'public' };
    });
    pages.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', policy);
      reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    });
    pages.get('/', async (_request, reply) => reply.header('cache-control', 'no-cache').type('text/html').send(page));
    const root = join(place ?? import.meta.dirname, 'assets');
    // Their names change with what they hold.
    await pages.register(fastifyStatic, {
      root,
      prefix: '/assets/',
      decorateReply: false,
      maxAge: '365d',
      immutable: true,
      index: false,
    });
  });
}
