import { agentOfKey } from './agent-of-key.js';

/** An entry of the journal in words: `<subject> <text>`. */
export interface Sentence {
  readonly subject: string;
  readonly text: string;
  readonly level: 'plain' | 'good' | 'warn' | 'bad';
  /** The worker or agent that it is about, if it is about one. */
  readonly worker?: string | undefined;
  readonly agent?: string | undefined;
}

type Fields = Readonly<Record<string, string>>;

/** Says what an entry means. One of a kind that is not known is told by its fields. */
export function sentenceOf(fields: Fields): Sentence {
  const { event = 'event', agent: key, worker, reason } = fields;
  const agent = agentOfKey(key);
  const why = reason ? ` (${reason})` : '';
  const by = fields.by ? ` (by ${fields.by}${fields.why ? `: ${fields.why}` : ''})` : '';
  const how = fields.strategy ? ` by ${fields.strategy}${fields.grounds ? `: ${fields.grounds}` : ''}` : '';
  const ofWorker = (text: string, level: Sentence['level'] = 'plain') => ({
    subject: worker ?? '',
    worker,
    text,
    level,
  });
  const ofAgent = (text: string) => ({ subject: key ?? '', agent, text, level: 'plain' as const });
  switch (event) {
    case 'joined':
      return ofWorker('joined', 'good');
    case 'left':
      return ofWorker('left');
    case 'evicted':
      return ofWorker(`is dead: what it ran, ${fields.running ?? 0}, goes to others`, 'bad');
    case 'died':
      return ofWorker(`died and is back: it takes back what it ran, ${fields.running ?? 0}`, 'bad');
    case 'poisoned':
      return {
        subject: key ?? '',
        agent,
        text: `task ${fields.task} fails as poison: it was running on ${fields.workers} when they died`,
        level: 'bad',
      };
    case 'drained':
      return ofWorker(`is drained${by}`, 'warn');
    case 'recycled':
      return ofWorker('takes nothing and is started anew', 'warn');
    case 'cleared':
      return ofWorker(`gives what waits for it, ${fields.tasks ?? 0}, to others${by}`, 'warn');
    case 'undrained':
      return ofWorker(`may receive again${by}`, 'good');
    case 'ordered':
      return ofWorker(`breaker: ${fields.breaker}${by}`, 'warn');
    case 'breaker':
      return ofWorker(
        `breaker is ${fields.to}${why}`,
        fields.to === 'open' ? 'bad' : fields.to === 'closed' ? 'good' : 'warn',
      );
    case 'alert':
      return {
        subject: (fields.alert ?? '').replaceAll('_', ' '),
        text: `${fields.to}: ${reason ?? ''}`,
        level: fields.to === 'firing' ? 'bad' : 'good',
      };
    case 'leader':
      return {
        subject: `dispatcher ${fields.dispatcher}`,
        text: `leads, term ${fields.term}`,
        level: 'plain',
      };
    case 'configured':
      return { subject: fields.key ?? '', text: `${fields.from} → ${fields.to}${by}`, level: 'warn' };
    case 'scaled': {
      const wish = (text = '') => (text === '' ? 'no wish' : text);
      return { subject: 'workers', text: `${wish(fields.from)} → ${wish(fields.to)}${by}`, level: 'warn' };
    }
    case 'scheduled':
      return {
        subject: 'schedule',
        text: `${fields.schedule}: task ${fields.task}, ${fields.when}${by}`,
        agent,
        level: 'plain',
      };
    case 'unscheduled':
      return { subject: 'schedule', text: `${fields.schedule} has ended${by}`, level: 'warn' };
    case 'placed':
      return ofAgent(`→ ${worker}${why}${how}`);
    case 'moved':
      return ofAgent(`${fields.from} → ${worker}${why}${how}`);
    case 'paused':
      return { ...ofAgent(`is paused${by}`), level: 'warn' };
    case 'resumed':
      return ofAgent(`goes on${by}`);
    case 'cancelled':
    case 'cancelling':
    case 'rerun': {
      const what = { cancelled: 'is cancelled', cancelling: 'is told to end', rerun: 'runs again' }[event];
      const text = `task ${fields.task} ${what}${by}`;
      return key === undefined ? { subject: '', text, level: 'plain' } : ofAgent(text);
    }
    case 'repaired':
      return { ...(key === undefined ? ofWorker : ofAgent)(`was stuck and put right${why}`), level: 'warn' };
    default: {
      const text = `${event}${worker === undefined ? '' : ` ${worker}`}${why}${by}`;
      return key === undefined ? { subject: '', text: textOf(fields), level: 'plain' } : ofAgent(text);
    }
  }
}

function textOf(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
