import { expect, it } from 'vitest';
import { WarmState } from './warm-state.js';

const costs = { warmMs: 1, coldMs: 20 };
const heldBy = (room: number, isLatest = true) => new WarmState({ ...costs, room }, { begin: () => isLatest });

it('serves an agent warm whose state is here, has room, and is the latest', async () => {
  const state = heldBy(1);
  const served = [];
  for (const agent of ['a1', 'a1', 'a2', 'a1']) served.push(await state.serve(agent));
  expect(served).toEqual(['cold', 'warm', 'cold', 'cold']);
  const outdated = heldBy(1, false);
  expect([await outdated.serve('a1'), await outdated.serve('a1')]).toEqual(['cold', 'cold']);
});

it('has a task wait while another one loads the state of its agent, and no other', async () => {
  const state = heldBy(2);
  const seen: string[] = [];
  const note = (what: string) => () => seen.push(what);
  await Promise.all([
    state.serve('a1').then(note('a1 served')),
    state.loaded('a1').then(note('a1 loaded')),
    state.loaded('a2').then(note('a2 free')),
  ]);
  expect(seen).toEqual(['a2 free', 'a1 loaded', 'a1 served']);
});
