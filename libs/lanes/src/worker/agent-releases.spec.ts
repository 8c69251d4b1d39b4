import { describe, expect, it } from 'vitest';
import { type AgentRelease, AgentReleases } from './agent-releases.js';

/** Releases whose states end when told to, by the order they were begun. */
function watched() {
  const begun: AgentRelease[] = [];
  const enders: (() => void)[] = [];
  let ended = 0;
  const errors: Error[] = [];
  const releases = new AgentReleases(
    (release) => {
      begun.push(release);
      if (release.agent === 'throws') throw new Error('a bad close');
      return new Promise<void>((resolve) => enders.push(resolve));
    },
    () => ended++,
    (error) => errors.push(error),
  );
  /** Ends the n-th state, and lets what waits for that go on. */
  const end = async (n: number) => {
    enders[n]?.();
    await new Promise(setImmediate);
  };
  return { releases, begun, end, endedOf: () => ended, errors };
}

describe('AgentReleases', () => {
  it('ends each state that a script told of, and says so once it has ended', async () => {
    const { releases, begun, end, endedOf } = watched();
    releases.take(['a', '7 moved', 'b', '8 evicted']);
    expect(begun).toEqual([
      { agent: 'a', fence: 7, reason: 'moved' },
      { agent: 'b', fence: 8, reason: 'evicted' },
    ]);
    expect(releases.untold).toEqual([]);
    await end(1);
    expect(releases.untold).toEqual(['b', '8 evicted']);
    await end(0);
    expect(releases.untold).toEqual(['b', '8 evicted', 'a', '7 moved']);
    expect(endedOf()).toBe(2);
  });

  it('counts a state as ended whose end failed, and tells of that', async () => {
    const { releases, endedOf, errors } = watched();
    releases.take(['throws', '7 moved']);
    await new Promise(setImmediate);
    expect([releases.untold, endedOf()]).toEqual([['throws', '7 moved'], 1]);
    expect(errors).toEqual([new Error('a bad close')]);
  });

  it('ends no state twice that is told again while it ends, or before a heartbeat has told that it did', async () => {
    const { releases, begun, end } = watched();
    releases.take(['a', '7 moved']);
    releases.take(['a', '7 moved']);
    await end(0);
    releases.take(['a', '7 moved']);
    expect(begun).toHaveLength(1);
  });

  it('forgets what a heartbeat has told, and ends it again when it is told of it again', async () => {
    const { releases, begun, end } = watched();
    releases.take(['a', '7 moved', 'b', '8 moved']);
    await end(0);
    await end(1);
    releases.settle(['a', '7 moved']);
    expect(releases.untold).toEqual(['b', '8 moved']);
    releases.take(['a', '7 moved']);
    expect(begun).toHaveLength(3);
  });

  it('tells only of the last release where an agent was released again meanwhile', async () => {
    const { releases, end, endedOf } = watched();
    releases.take(['a', '7 moved']);
    releases.take(['a', '9 released']);
    await end(0);
    expect([releases.untold, endedOf()]).toEqual([[], 0]);
    await end(1);
    expect([releases.untold, endedOf()]).toEqual([['a', '9 released'], 1]);
  });

  it('keeps a later release that an answer to an earlier one does not speak of', async () => {
    const { releases, end } = watched();
    releases.take(['a', '7 moved']);
    await end(0);
    const told = releases.untold;
    releases.take(['a', '9 moved']);
    await end(1);
    releases.settle(told);
    expect(releases.untold).toEqual(['a', '9 moved']);
  });

  it('tells nothing before the first release', () => {
    const { releases } = watched();
    releases.settle(['a', '7 moved']);
    releases.take([]);
    expect(releases.untold).toEqual([]);
  });
});
