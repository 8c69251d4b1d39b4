import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));

const duration = z.string().regex(/^\d+(ms|s|m|h)$/);
const healthcheck = z.strictObject({
  test: z.array(z.string()).min(2),
  interval: duration,
  timeout: duration,
  start_period: duration,
  retries: z.int().positive(),
});

/** A service, with the keys of the compose specification that the file uses: any other one is a mistake. */
const service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), target: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string().regex(/^[\w-]+:\/[\w/-]+$/)).default([]),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).default({}),
  healthcheck,
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
  user: z.string(),
  init: z.boolean(),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  stop_grace_period: duration,
  deploy: z.strictObject({ replicas: z.int().positive() }).default({ replicas: 1 }),
});

const file = z
  .object({
    name: z.string(),
    services: z.record(z.string(), service),
    volumes: z.record(z.string(), z.null()),
  })
  .catchall(z.never());

/** One service of the compose file. */
export type ComposeService = z.output<typeof service>;

/** What somebody who starts it has to set: one API key. */
const required: Readonly<Record<string, string>> = { SHUNT_API_KEYS: `me:admin:${'0'.repeat(64)}` };

/** The compose file as an engine reads it: merged, with its defaults for unset variables, without its `x-` fragments. */
export function readCompose(): z.output<typeof file> {
  const text = readFileSync(`${root}docker-compose.yml`, 'utf8')
    .replace(/\$\{\w+:-(\w+)\}/g, '$1')
    .replace(/\$\{(\w+):\?[^}]+\}/g, (whole, name: string) => required[name] ?? whole);
  const read = parse(text, { merge: true }) as Record<string, unknown>;
  return file.parse(Object.fromEntries(Object.entries(read).filter(([key]) => !key.startsWith('x-'))));
}
