import { checked } from '@shunt/input';
import { ShuntError, workerIdProblem } from '@shunt/sdk';
import { z } from 'zod';
import type { DemoLink } from '../../demo-link.js';
import { type Route, route } from '../route.js';
import { reasonField } from '../types.js';

/** The route of a demo alone. */
export function demoRoute(demo: Pick<DemoLink, 'crash'>): Route {
  return route({
    method: 'POST',
    path: '/demo/crash',
    access: 'admin',
    tag: 'demo',
    summary: 'Kill a worker of the demo',
    about: 'It starts again after a while. The last one is left alone.',
    body: z.strictObject({
      worker: checked<string>(workerIdProblem).meta({ type: 'string', description: 'Any unless said' }).optional(),
      reason: reasonField,
    }),
    isBodyOptional: true,
    answers: { 200: { about: 'The worker that was killed', type: z.object({ worker: z.string() }) } },
    audit: { action: 'demo.crash', target: ({ body }) => `worker ${body.worker ?? 'any'}` },
    handle: async ({ body }) => {
      const worker = await demo.crash(body.worker ?? null);
      if (worker === null) throw new ShuntError('CONFLICT', 'No such worker runs, or it is the last one');
      return { body: { worker } };
    },
  });
}
