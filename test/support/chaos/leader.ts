import { readScrape } from '../scrape.js';
import type { Site } from './nemesis.js';

/** The dispatcher that leads; any if none says that it does. */
export async function leaderOf({
  run,
  dispatchers,
}: Pick<Site, 'run' | 'dispatchers'>): Promise<{ name: string; does: string }> {
  for (const name of dispatchers) {
    const text = await fetch(`${run.endpointOf(name)}/metrics`).then((reply) => reply.text());
    if (readScrape(text).get(`shunt_leader{pool="${run.pool}"}`) === 1) return { name, does: 'led' };
  }
  return { name: dispatchers[0] ?? '', does: 'did not lead' };
}
