import { seededRandom, zipfSampler } from '@shunt/workload';
import type { WarmColdOptions } from './warm-state.js';

/** The fleet and the costs of everything that is measured of warm and cold workers. */
export const warmCold = {
  workers: 8,
  slots: 8,
  agents: 4096,
  costs: { warmMs: 20, coldMs: 200, room: 192 },
  /** No agent may ask for more than this share of a slot: a serial agent beyond one slot has no stable queue anywhere. */
  slotShare: 0.3,
} as const;

const { workers, slots, agents, costs, slotShare } = warmCold;

/** The setting in words. */
export const warmColdInWords = `${workers} workers x ${slots} slots, ${costs.warmMs} ms warm and ${costs.coldMs} ms cold, room for ${costs.room} agents each, a state worth nothing once another worker has run its agent, ${agents} agents of Zipf 1.0 cut at ${slotShare} of a slot`;

/** The costs where tasks take `slower` times as long. */
export function costsAt(slower: number): WarmColdOptions {
  return { ...costs, warmMs: slower * costs.warmMs, coldMs: slower * costs.coldMs };
}

/** Draws agents by their popularity at a rate: Zipf 1.0 with the hottest ones cut. */
export function agentsAt(ratePerSecond: number, seed: number, slower = 1): () => number {
  const capShare = slotShare / (ratePerSecond * (costsAt(slower).warmMs / 1000));
  return zipfSampler({ agents, exponent: 1, capShare }, seededRandom(seed));
}
