import { runTrials } from '../trials/run-trials.js';
import { enqueueing } from './enqueueing.js';

await runTrials({
  command: 'bench:http',
  about: 'What a producer over HTTP gets acknowledged, beside a bare route of Fastify',
  kind: 'trials',
  rounds: 5,
  file: 'http',
  trials: enqueueing,
});
