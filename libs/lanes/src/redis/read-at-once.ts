import type { ChainableCommander, Redis } from 'ioredis';

/**
 * Sends many reads in one write, where each command by itself would be one, and resolves to their answers in order.
 *
 * @throws the first error that is among the answers
 */
export async function readAtOnce<Answer>(redis: Redis, ask: (pipeline: ChainableCommander) => void): Promise<Answer[]> {
  const pipeline = redis.pipeline();
  ask(pipeline);
  return ((await pipeline.exec()) ?? []).map(([error, answer]) => {
    if (error !== null) throw error;
    return answer as Answer;
  });
}
