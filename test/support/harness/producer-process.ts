/** A producer process that is to be killed: enqueues turns, some at a time, and tells how many were accepted. */
import { connect } from '@shunt/sdk';
import { callsAtOnce, nthTurn, type ProducerTask } from './producer-task.js';
import { turnName } from './worker-task.js';

const { redisUrl, pool } = JSON.parse(process.argv[2] ?? '{}') as ProducerTask;
const client = connect({ redis: redisUrl, pool });
process.on('disconnect', () => process.exit(1));
for (let accepted = 0; ; accepted += callsAtOnce) {
  const calls = Array.from({ length: callsAtOnce }, (_, i) => {
    const { id, agentId, turn } = nthTurn(accepted + i);
    return client.enqueue(turnName, turn, { id, agentId });
  });
  await Promise.all(calls);
  process.send?.(accepted + callsAtOnce);
}
