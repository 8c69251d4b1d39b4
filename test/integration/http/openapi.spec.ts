import { describe, expect } from 'vitest';
import { it } from '../../support/http.js';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

describe('the OpenAPI document', () => {
  it('names every route of the API, and no other', async ({ api }) => {
    const document = (await (await api.send('/openapi.json', { as: null })).json()) as OpenApi;
    const told = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = api.routes
      .filter(({ url }) => url.startsWith('/v1/'))
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(told.sort()).toEqual(served.sort());
  });

  it('is whole: every operation has its own id, its path parameters and answers, and every reference leads somewhere', async ({
    api,
  }) => {
    const document = (await (await api.send('/openapi.json', { as: null })).json()) as OpenApi;
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Shunt', version: '0.1.0' });
    const ids: string[] = [];
    for (const [path, operations] of Object.entries(document.paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { operationId, parameters, responses } of Object.values(operations)) {
        ids.push(operationId);
        expect(parameters.filter((one) => one.in === 'path' && one.required).map(({ name }) => name)).toEqual(names);
        expect(Object.keys(responses).filter((status) => /^2\d\d$/.test(status)).length).toBeGreaterThan(0);
        expect(responses).toHaveProperty('default');
      }
    }
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(0);
    for (const path of references) expect(document).toHaveProperty(path.split('/'));
  });

  it('is shown on a page that loads nothing from elsewhere', async ({ api }) => {
    const reply = await api.send('/docs/', { as: null });
    const page = await reply.text();
    expect([reply.status, page]).toEqual([200, expect.stringContaining('swagger-ui')]);
    expect([...page.matchAll(/(?:src|href)="(https?:)?\/\/[^"]*"/g)]).toEqual([]);
    const shown = await (await api.send('/docs/json', { as: null })).json();
    expect(shown).toMatchObject({ openapi: '3.1.0' });
  });
});
