import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stateOf } from '@shunt/lanes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cases } from '../support/resend/cases.js';
import { Stage } from '../support/resend/stage.js';

const folder = fileURLToPath(new URL('../../libs/lanes/src/scripts/', import.meta.url));
const scripts = readdirSync(folder)
  .filter((file) => file.endsWith('.lua'))
  .map((file) => file.replace(/\.lua$/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));

/** These answer how much the very call has done: sent again it has done nothing more. */
const counting = [
  'shunt',
  'promote',
  'place',
  'evict',
  'forget',
  'mend',
  'join',
  'leave',
  'resign',
  'drop',
  'overtake',
];

/** What an answer says, apart from the order of a job's fields, which Redis does not promise, how long the task waited, and such counts. */
function meaning(script: string, reply: unknown): unknown {
  if (counting.includes(script)) return Number(Array.isArray(reply) ? reply[0] : reply) >= 0 ? 'a count' : reply;
  if (script === 'nextFiring')
    return reply === null || String(reply).startsWith('repeat:') ? 'what the very call made' : reply;
  if (script === 'settle' || script === 'pull') return (reply as unknown[]).map(meaningOfTask);
  return script === 'survey' ? reply : meaningOfTask(reply);
}

function meaningOfTask(reply: unknown): unknown {
  if (!Array.isArray(reply) || !Array.isArray(reply[0])) return reply;
  const [fields, ...rest] = reply as [string[], ...unknown[]];
  const pairs: Record<string, string> = {};
  for (let i = 0; i < fields.length; i += 2) pairs[String(fields[i])] = String(fields[i + 1]);
  return [pairs, ...rest.slice(0, -1)];
}

let stage: Stage;
beforeEach(async () => {
  stage = new Stage();
  // Loads the library, so that every script is one call.
  await stateOf(stage.pool.redis, stage.keys, 'a~1');
});
afterEach(async () => {
  await stage.close();
});

describe('a script that is sent again after its answer was lost', () => {
  it('has a case here, whichever it is', () => {
    expect(Object.keys(cases).sort()).toEqual(scripts.sort());
  });

  it.each(Object.entries(cases))('%s changes nothing the second time and answers as before', async (name, play) => {
    await play(stage);
    expect(stage.pool.errors).toEqual([]);
    expect(stage.sent.map(({ script }) => script)).toContain(name);
    for (const { script, replies, dumps } of stage.sent) {
      expect(dumps[1], script).toEqual(dumps[0]);
      expect(meaning(script, replies[1]), script).toEqual(meaning(script, replies[0]));
    }
  });
});
