import { expect, it } from 'vitest';
import { inTurn } from './in-turn.js';

it("runs an agent's tasks one after the other, in order, and other agents' beside them", async () => {
  const seen: string[] = [];
  const ends: (() => void)[] = [];
  const run = inTurn(({ agent, pad }) => {
    seen.push(`${agent} ${pad}`);
    return new Promise<void>((resolve) => ends.push(resolve));
  });
  const turn = (agent: string, pad: string) => run({ agent, pad, t: 0 });
  const all = [turn('a1', 'first'), turn('a1', 'second'), turn('a2', 'first'), turn('a1', 'third')];
  const turned = () => new Promise((resolve) => setImmediate(resolve));
  await turned();
  expect(seen).toEqual(['a1 first', 'a2 first']);
  ends[0]?.();
  await turned();
  expect(seen).toEqual(['a1 first', 'a2 first', 'a1 second']);
  ends[2]?.();
  await turned();
  expect(seen).toEqual(['a1 first', 'a2 first', 'a1 second', 'a1 third']);
  for (const end of ends) end();
  await Promise.all(all);
});
