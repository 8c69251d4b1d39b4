import { type AgentPause, type AgentPin, carriesAll, type TaskFacts, workerState } from '@shunt/lanes';

/** Why a task is where it is, and what to try. */
export interface Explanation {
  readonly state: TaskFacts['task']['state'];
  /** A sentence, and another one where its ttl is over, and where workers have died with it. */
  readonly why: string;
  /** What would help; null when nothing has to. */
  readonly advice: string | null;
}

/** Explains a task by what is known of it. */
export function explain(facts: TaskFacts): Explanation {
  const { state } = facts.task;
  const [why, advice = null] = facts.isPaused && waits.has(state) ? poolPaused : reasonOf(facts);
  const told = isLate(facts) ? `${why} ${ttlOver(facts)}` : why;
  if (facts.deaths === 0 || !mayRun.has(state)) return { state, why: told, advice };
  return { state, why: `${told} ${deathsOf(facts)}`, advice: advice ?? 'See why in their logs.' };
}

function isLate({ task: { state }, lateAtMs, nowMs }: TaskFacts): boolean {
  return lateAtMs !== null && nowMs > lateAtMs && (waits.has(state) || state === 'mailbox' || state === 'delayed');
}

function ttlOver({ lateAtMs }: TaskFacts): string {
  return `Its ttl is over since ${new Date(lateAtMs ?? 0).toISOString()}: it fails unrun when its turn comes.`;
}

function deathsOf({ deaths }: TaskFacts): string {
  return deaths === 1 ? 'A worker has died while it ran it.' : `${deaths} workers have died while they ran it.`;
}

type Reason = readonly [why: string, advice?: string];

const mayRun: ReadonlySet<string> = new Set(['intake', 'yard', 'lane', 'delayed', 'running']);
const waits: ReadonlySet<string> = new Set(['intake', 'yard', 'lane']);
const resumeQueue = 'Resume the queue.';
const poolPaused: Reason = ['It waits because the queue is paused.', resumeQueue];

function reasonOf(facts: TaskFacts): Reason {
  const { task, agent, failedReason } = facts;
  switch (task.state) {
    case 'missing':
      return ['There is no such task: it was removed, kept for a shorter time than this, or never there.'];
    case 'completed':
      return ['It has completed.'];
    case 'failed':
      if (facts.goesOnAt !== null)
        return [
          `It was ended by force, and its handler goes on at worker ${facts.goesOnAt}, whose slot and whose agent are taken until then.`,
          'Have the handler heed its signal.',
        ];
      return [`It has failed: ${failedReason || 'for no reason that was told'}.`, 'Mend the cause, then retry it.'];
    case 'running':
      return runningReason(facts);
    case 'waiting-children':
      return ['It waits for its child tasks to end.'];
    case 'delayed':
      return delayReason(facts);
    case 'mailbox':
      if (agent?.paused) return [`It waits because ${pausedBy(agent.paused)}.`, pauseAdvice];
      return mailboxReason(facts);
    case 'intake':
      return facts.isLed
        ? ['It waits in the intake for a dispatcher to take it, which takes a moment.']
        : ['It waits in the intake, and no dispatcher leads the pool.', 'Start a dispatcher.'];
    case 'lane':
      return laneReason(facts);
    case 'yard':
      return yardReason(facts);
  }
}

function mailboxReason({ agent, ahead, isPaused }: TaskFacts): Reason {
  const behind = `It waits behind ${ahead === 1 ? 'one earlier task' : `${ahead} earlier tasks`} of its agent`;
  if (isPaused) return [`${behind}, and the queue is paused.`, resumeQueue];
  return [`${behind}, which runs one at a time.`, adviceOfCurrent(agent?.current)];
}

/** How long a handler may take to heed the abort of its signal before it is said that it does not, in ms. */
const heedMs = 1000;

const forceAdvice = '`shunt tasks cancel <id> --force` ends the task for whoever waits for it.';

function runningReason({ task, cancelling, overtimeMs }: TaskFacts): Reason {
  const where = `It runs on worker ${task.worker}`;
  if (cancelling !== null)
    return [
      `${where}, and is told to end (${cancelling}), of which its worker hears by its next heartbeat.`,
      `If it goes on, its handler does not heed its signal: ${forceAdvice}`,
    ];
  if (overtimeMs === null || overtimeMs < heedMs) return [`${where}.`];
  const seconds = Math.round(overtimeMs / 1000);
  return [
    `${where}, ${seconds} s past its timeout: its handler does not heed its signal, and its slot and agent are taken until it ends.`,
    `Have the handler heed its signal; ${forceAdvice}`,
  ];
}

function delayReason(facts: TaskFacts): Reason {
  const { agent, dueAtMs, nowMs, isPaused } = facts;
  const due = `It is due in ${Math.max(0, Math.ceil(((dueAtMs ?? nowMs) - nowMs) / 1000))} s`;
  if (agent?.paused) return [`${due}, and ${pausedBy(agent.paused)}.`, pauseAdvice];
  if (isPaused) return [`${due}, and the queue is paused.`, resumeQueue];
  return pinReason(facts) ?? [`${due}.`];
}

function pausedBy({ by, sinceMs }: AgentPause): string {
  return `its agent is paused by ${by} since ${new Date(sinceMs).toISOString()}`;
}

const pauseAdvice = 'Resume the agent.';

/** Longest time between two looks for the worker that a task waits for. */
const lookMs = 1000;

/** Why a task is parked that waits for the worker its agent insists on; undefined for any other. */
function pinReason({ agent, isParked, dueAtMs, nowMs, workers, labels }: TaskFacts): Reason | undefined {
  const pin = agent?.pin;
  if (pin?.kind !== 'strict' || !isParked || (dueAtMs ?? nowMs) > nowMs + lookMs) return undefined;
  const home = workers.find(({ id }) => id === pin.worker);
  if (!home?.isRoutable)
    return [`It waits for worker ${pin.worker}, ${pinned(pin)} and which may not receive.`, pinAdvice];
  const lacking = Object.entries(labels).filter(([name, value]) => home.labels?.[name] !== value);
  if (lacking.length === 0) return undefined;
  const wanted = lacking.map(([name, value]) => `${name}=${value}`).join(', ');
  return [`It waits for worker ${pin.worker}, ${pinned(pin)} and which does not carry ${wanted}.`, pinAdvice];
}

function pinned({ untilMs }: AgentPin): string {
  return `to which its agent is pinned${untilMs === null ? '' : ` until ${new Date(untilMs).toISOString()}`}`;
}

const pinAdvice = 'See why that worker may not take it, or unpin the agent.';

function adviceOfCurrent(current: string | null | undefined): string {
  return current ? `See why task ${current} is where it is.` : 'Look again in a moment.';
}

function laneReason({ task, workers }: TaskFacts): Reason {
  const home = workers.find(({ id }) => id === task.worker);
  if (home === undefined) return [`It waits in the lane of worker ${task.worker}, which is gone.`, 'Wait for a sweep.'];
  const { id, running, slots, waiting } = home;
  if (running >= slots)
    return [
      `It waits in the lane of worker ${id}, whose ${slots} slots are taken, with ${waiting} tasks there.`,
      'Add workers or slots.',
    ];
  return [`It waits in the lane of worker ${id}, which has a slot free and is about to take it.`];
}

function yardReason(facts: TaskFacts): Reason {
  const lacks = lackOfWorkers(facts);
  if (facts.isLed) return lacks ?? ['It has no home now and is about to get one.'];
  if (!lacks) return ['It has no home now, and no dispatcher leads the pool to give it one.', 'Start a dispatcher.'];
  const [why, advice] = lacks;
  return [`${why} No dispatcher leads the pool either.`, `${advice} Start a dispatcher too.`];
}

/** Why no worker may take a task of the yard right now; undefined where one may. */
function lackOfWorkers({ workers, labels }: TaskFacts): Reason | undefined {
  const up = workers.filter(({ isRoutable }) => isRoutable);
  if (up.length === 0) {
    if (workers.length === 0) return ['It has no home now, and there is no worker.', 'Start a worker.'];
    const states = new Set(workers.map(workerState));
    const why = [...states].sort().join(' or ');
    const advice = states.has('dead')
      ? 'Start a worker.'
      : 'Let one receive again: `shunt workers ls` tells why none does.';
    return [`It has no home now, and no worker may receive it: each of ${workers.length} is ${why}.`, advice];
  }
  const fit = up.filter((worker) => carriesAll(worker, labels));
  if (fit.length === 0) {
    const wanted = Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ');
    return [
      `It has no home now, and no worker that may receive carries ${wanted}.`,
      'Start a worker with these labels.',
    ];
  }
  const isAnyFree = fit.some(({ slots, running, waiting }) => running + waiting < slots);
  if (isAnyFree) return undefined;
  return ['It has no home now, and every worker that may run it is full.', 'Add workers or slots.'];
}
