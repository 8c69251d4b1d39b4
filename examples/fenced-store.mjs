import { Redis } from 'ioredis';

/** Writes an agent's state unless a run with a higher fence has written before. Reads and writes in one step. */
const script = `
  local highest = tonumber(redis.call('HGET', KEYS[1], 'fence') or '0')
  if tonumber(ARGV[1]) < highest then return 0 end
  redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'state', ARGV[2])
  return 1`;

const store = new Redis(process.env.STORE_URL ?? process.env.SHUNT_REDIS_URL ?? 'redis://127.0.0.1:6379');

/** @throws Error when the agent has moved on: this run's work is void */
export async function save({ id, fence }, state) {
  const isWritten = await store.eval(script, 1, `state:${id}`, fence, JSON.stringify(state));
  if (!isWritten) throw new Error(`agent ${id} has changed hands: nothing was written`);
}

export default {
  remember: async (fact, { agent }) => {
    await save(agent, { fact });
    return `${agent.id} remembers ${fact}`;
  },
};
