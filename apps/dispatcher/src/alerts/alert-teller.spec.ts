import type { AlertNotice } from '@shunt/lanes';
import { loggerOf } from '@shunt/runtime';
import { describe, expect, it } from 'vitest';
import { AlertTeller } from './alert-teller.js';
import { Webhook } from './webhook.js';

const [info, warn, error] = [30, 40, 50];
const firing: AlertNotice = {
  id: 'no_workers-firing-1795852800000',
  alert: 'no_workers',
  state: 'firing',
  sinceMs: 1_795_852_800_000,
  value: 0,
  text: 'No worker receives tasks; 7 wait',
};
const resolved: AlertNotice = {
  ...firing,
  id: 'no_workers-resolved-1795852860000',
  state: 'resolved',
  value: 3,
  text: 'Workers that receive tasks: 3',
};

/** A teller, and the lines of its log without time and process. */
function teller(webhook?: Webhook) {
  const lines: object[] = [];
  const write = (line: string) => {
    const { time: _time, pid: _pid, name: _name, ...told } = JSON.parse(line);
    lines.push(told);
  };
  const logger = loggerOf('info', 'test', { write });
  return { lines, tell: new AlertTeller({ pool: 'agents', dispatcher: 'd1', logger, webhook }).tell };
}

describe('the log of a dispatcher', () => {
  it('has a line when an alert fires, a warning, and one when it is resolved', async () => {
    const { lines, tell } = teller();
    for (const notice of [firing, resolved]) await tell(notice);
    expect(lines).toEqual([
      { level: warn, alert: 'no_workers', value: 0, msg: 'alert no_workers fires: No worker receives tasks; 7 wait' },
      {
        level: info,
        alert: 'no_workers',
        value: 3,
        msg: 'alert no_workers is resolved: Workers that receive tasks: 3',
      },
    ]);
  });

  it('says that the webhook did not take it, and why, without the URL', async () => {
    const { signal } = new AbortController();
    const { lines, tell } = teller(new Webhook({ url: 'http://127.0.0.1:1/hunter2', pausesMs: [], signal }));
    await tell(firing);
    const msg = 'an alert could not be told to SHUNT_ALERT_WEBHOOK';
    expect(lines.slice(1)).toEqual([{ level: error, alert: 'no_workers', problem: 'it could not be reached', msg }]);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });
});
