import { describe, expect, it } from 'vitest';
import { ProgressReports } from './progress-reports.js';

/** A store that answers when told, and what it was given. */
function scripted() {
  const given: unknown[] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const reports = new ProgressReports((value) => {
    given.push(value);
    return new Promise((resolve, reject) => {
      answers.push({ resolve, reject });
    });
  });
  const answer = async (error?: Error) => {
    const next = answers.shift();
    if (error) next?.reject(error);
    else next?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { reports, given, answer };
}

describe('ProgressReports', () => {
  it('sends the first at once and then only the newest', async () => {
    const { reports, given, answer } = scripted();
    const sent = [1, 2, 3, { percent: 4 }].map((value) => reports.send(value));
    expect(given).toEqual([1]);
    await answer();
    await sent[0];
    expect(given).toEqual([1, { percent: 4 }]);
    await answer();
    await Promise.all(sent);
    const last = reports.send(5);
    expect(given).toEqual([1, { percent: 4 }, 5]);
    await answer();
    await last;
  });

  it('goes on after a report that could not be stored', async () => {
    const { reports, given, answer } = scripted();
    const first = reports.send(1);
    const second = reports.send(2);
    await answer(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await answer();
    await second;
    expect(given).toEqual([1, 2]);
  });

  it.each([Number.NaN, '1', null, undefined, { n: 1n }, new Date(0), ['x'.repeat(65_536)]])(
    'refuses what is no progress (%#)',
    async (value) => {
      const { reports, given } = scripted();
      await expect(reports.send(value as never)).rejects.toMatchObject({ code: 'INVALID_TASK' });
      expect(given).toEqual([]);
    },
  );
});
