import { runTrials } from '../trials/run-trials.js';
import { crashByDefault, crashInTestProfile, crashOfPlainBullmq } from './crash.js';
import { evicting } from './evict.js';
import { allFailing, allFailingProbed, oneFailing } from './failing.js';
import { failoverByDefault, failoverInTestProfile } from './failover.js';
import { leaderStopped } from './leader-stopped.js';
import { timesPlot } from './plot.js';
import { redisResume } from './redis-resume.js';
import { scaledOut } from './scaled-out.js';
import { slowWorker } from './slow-worker.js';

await runTrials({
  command: 'bench:faults',
  about: 'What crashes, stops and failures cost, against the bars they are held to',
  kind: 'faults',
  rounds: 5,
  file: 'faults',
  plot: timesPlot,
  trials: [
    crashInTestProfile,
    crashByDefault,
    crashOfPlainBullmq,
    leaderStopped,
    failoverInTestProfile,
    failoverByDefault,
    redisResume,
    allFailing,
    allFailingProbed,
    oneFailing,
    evicting,
    slowWorker,
    scaledOut,
  ],
});
