import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Queue } from 'bullmq';
import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import { sessionPath } from './sessions.js';

/** The board's own files and this origin alone. */
const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Fonts of another site, which the policy refuses: the board takes the system's without. */
const foreignFonts = /<link href="https:\/\/fonts\.[^>]*>/g;

/** Leaves out every route that changes something. */
class ReadingAdapter extends FastifyAdapter {
  override setApiRoutes(routes: Parameters<FastifyAdapter['setApiRoutes']>[0]): this {
    return super.setApiRoutes(routes.filter(({ method }) => [method].flat().every((one) => one === 'get'))) as this;
  }
}

/**
 * Serves bull-board at `/queues`: the pool as BullMQ sees it, to look at. It changes nothing, as it knows neither agents nor lanes: what it
 * offers besides is not there, whoever asks.
 */
export async function serveBoard(server: FastifyInstance, queue: Queue): Promise<void> {
  const adapter = new ReadingAdapter();
  const board = { boardTitle: 'Shunt', miscLinks: [{ text: 'Back to Shunt', url: '/' }] };
  createBullBoard({
    queues: [new BullMQAdapter(queue, { readOnlyMode: true })],
    serverAdapter: adapter.setBasePath(sessionPath),
    options: { uiConfig: board },
  });
  await server.register(async (pages) => {
    pages.addHook('onRoute', (options) => {
      options.config = { ...options.config, access: 'viewer' };
    });
    pages.addHook('onSend', async (_request, reply, payload) => {
      reply.header('content-security-policy', policy).header('x-content-type-options', 'nosniff');
      return typeof payload === 'string' ? payload.replace(foreignFonts, '') : payload;
    });
    await pages.register(adapter.registerPlugin() as unknown as FastifyPluginCallback, { prefix: sessionPath });
  });
}
