import { z } from 'zod';
import { apiPrefix } from './api.js';
import { problemType } from './problem-type.js';
import type { Route } from './route.js';

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of routes: what they check and answer is what it says. */
export function openApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const one of routes) {
    const path = apiPrefix + one.path;
    paths[path] = { ...paths[path], [one.method.toLowerCase()]: operation(one) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Shunt',
      version,
      description: 'Enqueue tasks for stateful agents, follow them, and run the pool of their workers.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(problemType) },
    },
  };
}

function operation(one: Route): Json {
  const { method, path, access, tag, summary, about = '', body, isBodyOptional = false, answers } = one;
  return {
    operationId: idOf(method, path),
    tags: [tag],
    summary,
    description: [about, access === 'public' ? 'Needs no key.' : `Takes the role ${access} or one above it.`]
      .join(' ')
      .trim(),
    parameters: [
      ...parameters('path', one.params),
      ...parameters('query', one.query),
      ...Object.entries(one.headers ?? {}).map(([name, description]) => {
        return { name, in: 'header', required: false, description, schema: { type: 'string' } };
      }),
    ],
    ...(body
      ? { requestBody: { required: !isBodyOptional, content: { 'application/json': { schema: schemaOf(body) } } } }
      : {}),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      default: {
        description: 'What went wrong',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function answerOf({ about, type, media = 'application/json' }: Route['answers'][number]): Json {
  return { description: about, ...(type ? { content: { [media]: { schema: schemaOf(type) } } } : {}) };
}

function parameters(place: 'path' | 'query', schema: Route['params']): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...type }]) => {
    return { name, in: place, required: required.includes(name), description: description ?? '', schema: type };
  });
}

/** `GET /tasks/{id}/result` as `getTasksIdResult`. */
function idOf(method: string, path: string): string {
  const words = path.split(/\W+/).filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** What a type says as JSON Schema 2020-12; checks that have no such form are told by their descriptions. */
function schemaOf(type: z.ZodType): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { unrepresentable: 'any', io: 'input' });
  return schema;
}
