import { runTrials } from '../trials/run-trials.js';
import { livePage } from './live-page.js';

await runTrials({
  command: 'bench:page',
  about: 'What the page and the metrics cost a dispatcher of many workers',
  kind: 'trials',
  rounds: 3,
  file: 'page',
  trials: [livePage],
});
