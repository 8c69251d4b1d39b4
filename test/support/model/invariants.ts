import type { PoolState } from './state.js';

/** Every place in which a task is now, by task. */
function placesOf(pool: PoolState): Map<string, string[]> {
  const places = new Map<string, string[]>();
  const add = (id: string, place: string) => places.set(id, [...(places.get(id) ?? []), place]);
  for (const id of pool.intake) add(id, 'intake');
  for (const id of pool.yard.keys()) add(id, 'yard');
  for (const id of pool.delayed.keys()) add(id, 'delayed');
  for (const [name, { mailbox }] of pool.agents) for (const id of mailbox) add(id, `mailbox of ${name}`);
  for (const [name, { lane, running }] of pool.workers) {
    for (const id of lane.keys()) add(id, `lane of ${name}`);
    for (const id of running.values()) add(id, `slot of ${name}`);
  }
  for (const { id, ended } of pool.tasks.values()) if (ended !== undefined) add(id, 'ended');
  return places;
}

/** What is wrong with a pool: nothing, whatever was done to it. */
export function problemsOf(pool: PoolState): string[] {
  const places = placesOf(pool);
  const problems: string[] = [];
  for (const { id } of pool.tasks.values()) {
    const found = places.get(id) ?? [];
    if (found.length !== 1) problems.push(`${id} is in ${found.join(', ') || 'no place'}`);
  }
  for (const [name, { home, current, mailbox, isPaused }] of pool.agents) {
    if (name === '') continue;
    if (current === undefined && mailbox.length > 0 && !isPaused)
      problems.push(`the mailbox of ${name} waits for nobody`);
    const [place = ''] = current === undefined ? [] : (places.get(current) ?? []);
    const isThere = place === 'yard' || place === `lane of ${home}` || place === `slot of ${home}`;
    if (current !== undefined && !isThere) problems.push(`${current}, current of ${name} at ${home}, is in ${place}`);
  }
  return [...problems, ...overtaken(pool)];
}

/** Tasks that slots took while an earlier arrival of their agent had not ended. */
function overtaken(pool: PoolState): string[] {
  const running = [...pool.workers.values()].flatMap((worker) => [...worker.running.values()]);
  return running.flatMap((id) => {
    const { agent, arrival = 0 } = pool.tasks.get(id) ?? {};
    const earlier = [...pool.tasks.values()].filter(
      (task) =>
        agent !== '' && task.agent === agent && (task.arrival ?? Infinity) < arrival && task.ended === undefined,
    );
    return earlier.map((task) => `${id} runs before ${task.id}`);
  });
}
