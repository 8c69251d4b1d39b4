import { describe, expect, inject, it } from 'vitest';
import { check } from '../support/checker/check.js';
import { Run, type RunOptions } from '../support/harness/run.js';
import type { HistoryEvent } from '../support/history/events.js';

const agents = 10;
const each = 30;

async function historyOf(kind: RunOptions['kind'] & string): Promise<HistoryEvent[]> {
  const dispatchers = kind === 'lane' ? 1 : 0;
  const run = await Run.start({ redisUrl: inject('redisUrl'), workers: 2, slots: 4, dispatchers, kind });
  for (let turn = 0; turn < each; turn++) {
    const window = Array.from({ length: agents }, (_, a) =>
      run.submit({ n: turn * agents + a, agentId: `agent-${a}`, costMs: (turn * 7 + a) % 5, failures: 0 }),
    );
    await Promise.all(window);
  }
  await run.untilSettled();
  return run.finish();
}

const brokenRules = (history: readonly HistoryEvent[]) => new Set(check(history).violations.map(({ rule }) => rule));

describe('the harness', () => {
  it('finds nothing in a sound run, and each event that is then taken away or doubled', async () => {
    const history = await historyOf('lane');
    const first = (e: HistoryEvent['e'], nth = agents * 10) => history.filter((event) => event.e === e)[nth];
    const without = (gone: unknown) => history.filter((event) => event !== gone);
    expect(brokenRules(history)).toEqual(new Set());
    expect(brokenRules(without(first('start')))).toContain('loss');
    expect(brokenRules(without(first('terminal')))).toContain('loss');
    expect(brokenRules(without(first('submit')))).toContain('phantom');
    expect(brokenRules(without(first('placed', 0)))).toContain('home');
    expect(brokenRules(without(first('final', 0)))).toContain('conservation');
    expect(brokenRules([...history, { ...first('start'), t: (history.at(-1)?.t ?? 0) + 1 } as HistoryEvent])).toContain(
      'duplicate',
    );
  });

  it('catches workers that are plain BullMQ workers of the intake: overlaps, overtaking, no home', async () => {
    const broken = brokenRules(await historyOf('plain'));
    expect([...broken]).toEqual(expect.arrayContaining(['overlap', 'order', 'home']));
    expect(broken).not.toContain('loss');
  });
});
