import { checked } from '@shunt/input';
import { hotKeys } from '@shunt/lanes';
import { type ConfigChanges, invalidInput, isShuntError, poolNameProblem, type Shunt, ShuntError } from '@shunt/sdk';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ProblemError, problemOf } from '../problem.js';
import { type Route, route } from '../route.js';
import { dryRunQuery, reasonField, would } from '../types.js';

/** The name of a pool in a path. */
export const poolParam = z.strictObject({
  pool: checked<string>(poolNameProblem).meta({ type: 'string', description: 'Its name' }),
});

/** A pool's configuration, in an answer. */
export const configFields = {
  config: z.unknown().meta({ description: 'What was set beyond the settings of processes; durations in ms' }),
  configVersion: z.int().meta({ description: '0 before the first change, one more with each; also in ETag' }),
};

const tag = /^"(\d{1,15})"$/;
const configMessage = 'must be an object of changes';
const changesAbout = `Null takes a key back to the settings of processes. Keys: ${hotKeys.map(({ key }) => key).join(', ')}; those with a dot are in an object of their own`;

/** Refuses another pool than the one that is served. @throws ShuntError NOT_FOUND */
export function assertServed(asked: string, served: string): void {
  if (asked !== served) throw new ShuntError('NOT_FOUND', 'This dispatcher serves no such pool');
}

/** The header that tells the version of a pool's configuration. */
export function versionTag(version: number): { readonly etag: string } {
  return { etag: `"${version}"` };
}

/** The route that changes a pool while it runs. */
export function poolConfigRoute(client: Shunt, pool: string): Route {
  return route({
    method: 'PATCH',
    path: '/pools/{pool}',
    access: 'admin',
    tag: 'pool',
    summary: 'Change what a pool is told',
    about: 'All of the change or none; what is not named stays. Every process applies it within a second.',
    params: poolParam,
    query: dryRunQuery('Only tell what it would do, with the version that would be'),
    body: z.strictObject({
      config: z
        .record(z.string(), z.unknown(), configMessage)
        .meta({ description: changesAbout, examples: [{ sessionTtl: '30m', breaker: { probes: 1 } }] }),
      reason: reasonField,
    }),
    headers: { 'If-Match': 'The ETag that was read: with another version there nothing is changed, and it is a 412' },
    answers: {
      200: {
        about: 'What it is told now; ETag is its version, which a dry run has none of',
        type: z.object({ ...configFields, would }),
      },
    },
    audit: { action: 'pool.config', target: ({ params }) => `pool ${params.pool}` },
    handle: async ({ params, query, body, request, caller }) => {
      assertServed(params.pool, pool);
      const changes = body.config as ConfigChanges;
      const ifVersion = versionAsked(request);
      if (query.dryRun === 'true') {
        const { version, config, would } = await client.pool.configPlan(changes, { ifVersion }).catch(refuse);
        return { body: { config, configVersion: version, would } };
      }
      const { version, config } = await client.pool
        .setConfig(changes, { ifVersion, by: caller.actor, reason: body.reason })
        .catch(refuse);
      return { headers: versionTag(version), body: { config, configVersion: version } };
    },
  });
}

/** The only version that may be changed, undefined for any. @throws ShuntError INVALID_INPUT */
function versionAsked({ headers }: FastifyRequest): number | undefined {
  const asked = headers['if-match'];
  if (asked === undefined || asked === '*') return undefined;
  const [, version] = tag.exec(asked) ?? [];
  if (version !== undefined) return Number(version);
  throw invalidInput([{ field: 'If-Match', message: 'must be the ETag of an answer, such as "3", or *' }]);
}

function refuse(error: unknown): never {
  if (isShuntError(error, 'CONFLICT')) throw new ProblemError(problemOf('PRECONDITION_FAILED', error.message));
  if (!isShuntError(error, 'INVALID_CONFIG')) throw error;
  throw invalidInput(
    error.details.map(({ field, message }) => ({ field: field === 'config' ? field : `config.${field}`, message })),
  );
}
