import { Queue } from 'bullmq';

const queue = new Queue('{agents}', { prefix: 'shunt', connection: { url: process.env.SHUNT_REDIS_URL } });
queue.on('error', ({ message }) => {
  console.error(message);
  process.exit(1);
});
const job = await queue.add('greet', { agentId: 'Ada', name: 'Ada' });
console.log(`task ${job.id} enqueued`);
await queue.close();
