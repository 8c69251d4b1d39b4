/** A program of a few lines, as a user writes it: enqueues, waits, closes, and must then end by itself. */
import { connect } from '@shunt/sdk';

const [redis = '', pool = ''] = process.argv.slice(2);
const client = connect({ redis, pool });
const task = await client.enqueue('turn', 1, { agentId: 'a' });
const result = await task.result();
const left = await client.enqueue('nobody', 1, { agentId: 'b', delay: '1h' });
const waiting = left.result({ timeout: '1h' }).catch(() => 'gone');
await left.status();
client.close();
console.log(result, await waiting);
