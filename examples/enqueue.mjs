import { connect } from '@shunt/sdk';

const shunt = connect({ redis: process.env.SHUNT_REDIS_URL, pool: 'agents' });
try {
  for (const name of ['Ada', 'Grace', 'Ada']) {
    const task = await shunt.enqueue('greet', { name }, { agentId: name, attempts: 3 });
    console.log(await task.result({ timeout: '30s' }));
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
shunt.close();
