import { hotKeys } from '@shunt/lanes';
import { settings } from '@shunt/runtime';
import { expect } from 'vitest';
import { shuntProgram } from '../../apps/cli/src/program.js';
import { it } from '../support/http.js';
import { root } from './pages.js';
import { referencePage } from './reference.js';

it('docs/reference.md is as the sources are: npm run generate:reference', async ({ pool }) => {
  const api = await pool.bootIdle();
  const openApi = await (await api.send('/openapi.json', { as: null })).json();
  const page = referencePage({ settings, hotKeys, openApi, program: await shuntProgram() });
  await expect(page).toMatchFileSnapshot(`${root}docs/reference.md`);
});
