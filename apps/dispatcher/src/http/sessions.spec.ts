import { describe, expect, it } from 'vitest';
import { Sessions } from './sessions.js';

const viewer = { actor: 'ada', role: 'viewer' } as const;
const hourMs = 3_600_000;

/** What a browser sends back. */
const sentBack = (header: string) => header.split(';')[0];

describe('a session', () => {
  it('says who has shown a key', () => {
    const sessions = new Sessions();
    const cookie = sentBack(sessions.cookieFor(viewer, false));
    expect(sessions.callerOf(cookie)).toEqual(viewer);
    expect(sessions.callerOf(`theme=dark; ${cookie}; other=1`)).toEqual(viewer);
  });

  it('is over after eight hours', () => {
    const sessions = new Sessions();
    const cookie = sentBack(sessions.cookieFor(viewer, false, 0));
    expect(sessions.callerOf(cookie, 8 * hourMs - 1)).toEqual(viewer);
    expect(sessions.callerOf(cookie, 8 * hourMs)).toBeNull();
  });

  it('is of no use when it is changed, of another process, or not there', () => {
    const sessions = new Sessions();
    const [said, mac] = String(sentBack(sessions.cookieFor(viewer, false)))
      .replace('shunt-session=', '')
      .split('.');
    const forged = Buffer.from(JSON.stringify(['ada', 'admin', Date.now() + hourMs])).toString('base64url');
    expect(sessions.callerOf(`shunt-session=${forged}.${mac}`)).toBeNull();
    expect(sessions.callerOf(`shunt-session=${said}.${mac}x`)).toBeNull();
    expect(new Sessions().callerOf(`shunt-session=${said}.${mac}`)).toBeNull();
    for (const cookies of [undefined, '', 'shunt-session=', 'shunt-session=.'])
      expect(sessions.callerOf(cookies)).toBeNull();
  });

  it('is sent to the pages alone that it is for, hidden from scripts and from other sites', () => {
    const sessions = new Sessions();
    expect(sessions.cookieFor(viewer, false)).toMatch(
      /^shunt-session=[\w.-]+; Path=\/queues; HttpOnly; SameSite=Strict; Max-Age=28800$/,
    );
    expect(sessions.cookieFor(viewer, true)).toMatch(/; Secure$/);
    expect(sessions.end(false)).toMatch(/^shunt-session=; Path=\/queues; .*Max-Age=0$/);
  });
});
