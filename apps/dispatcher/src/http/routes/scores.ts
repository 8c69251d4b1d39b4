import { factorNames } from '@shunt/balancing';
import type { Dispatcher } from '@shunt/lanes';
import { invalidInput, labelsProblems } from '@shunt/sdk';
import { z } from 'zod';
import { type Route, route } from '../route.js';
import { assertServed, poolParam } from './pool-config.js';

const factor = z.object({
  factor: z.enum(factorNames),
  value: z.number().meta({ description: 'Lower is better' }),
  weight: z.number(),
  contribution: z.number().meta({ description: 'Value times weight' }),
});

const scores = z.object({
  strategy: z.string().meta({ description: "The pool's, which may be another than intelligent" }),
  workers: z.array(
    z.object({
      worker: z.string(),
      isFree: z.boolean().meta({ description: 'Whether it has a free slot' }),
      score: z.number().meta({ description: 'Sum of the contributions; the lowest with a free slot is picked' }),
      factors: z.array(factor),
    }),
  ),
});

/** The route that says what the strategy `intelligent` makes of each worker. */
export function scoresRoute(dispatcher: Dispatcher, pool: string): Route {
  return route({
    method: 'GET',
    path: '/pools/{pool}/scores',
    access: 'viewer',
    tag: 'pool',
    summary: "Each worker's score and factors by now, as the strategy intelligent has them",
    params: poolParam,
    query: z.strictObject({
      zone: z.string('must be a text').optional().meta({ description: 'Where the task comes from' }),
      labels: z
        .string('must be a text')
        .optional()
        .meta({
          description: 'What the task requires, as name=value parted by commas',
          examples: ['gpu=a100,region=eu'],
        }),
    }),
    answers: { 200: { about: 'Workers that may run such a task, best first', type: scores } },
    handle: async ({ params, query: { zone, labels } }) => {
      assertServed(params.pool, pool);
      const asked = {
        ...(zone === undefined ? {} : { zone }),
        ...(labels === undefined ? {} : { labels: read(labels) }),
      };
      const { name } = dispatcher.config.current.strategy;
      return { body: { strategy: name, workers: await dispatcher.scores(asked) } };
    },
  });
}

/** @throws ShuntError INVALID_INPUT naming labels */
function read(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').map((pair) => pair.split('='));
  const message = 'must be name=value parted by commas, such as gpu=a100';
  if (!pairs.every(({ length }) => length === 2)) throw invalidInput([{ field: 'labels', message }]);
  const labels = Object.fromEntries(pairs) as Record<string, string>;
  const problems = labelsProblems(labels);
  if (problems.length > 0) throw invalidInput(problems);
  return labels;
}
