/** A worker and a producer that agree on their tasks, in TypeScript. SHUNT_REDIS_URL names the Redis; a dispatcher runs beside it. */
import { connect, createWorker } from '@shunt/sdk';

type Tasks = {
  'chat.turn': { input: { text: string }; output: { reply: string } };
};

const redis = process.env.SHUNT_REDIS_URL ?? 'redis://127.0.0.1:6379';
const worker = createWorker<Tasks>({
  redis,
  handlers: {
    'chat.turn': ({ text }, { agent }) => ({ reply: `${text}, ${agent?.id} (${agent?.home})` }),
  },
});
void worker.run();

const shunt = connect<Tasks>({ redis });
try {
  const task = await shunt.enqueue('chat.turn', { text: 'hi' }, { agentId: 'a-42', ttl: '30s', attempts: 3 });
  const { reply } = await task.result({ timeout: '60s' });
  console.log(reply);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
shunt.close();
await worker.close();
