import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Role, roles } from '@shunt/runtime';
import type { Caller } from './access.js';

const name = 'shunt-session';
/** How long a session lasts, in seconds. */
const lastsSeconds = 8 * 3600;

/** Where a session counts in place of a key: pages that a browser opens by itself, which sends no header. */
export const sessionPath = '/queues';

/**
 * Lets a browser that has shown a key open pages that only read. A session is a signed cookie, which nothing but those pages is sent; it
 * ends after eight hours, and with the process that gave it.
 */
export class Sessions {
  private readonly secret = randomBytes(32);

  /** A `Set-Cookie` header for a caller. `isSecure`: whether the browser came by https. */
  cookieFor({ actor, role }: Caller, isSecure: boolean, nowMs = Date.now()): string {
    const said = Buffer.from(JSON.stringify([actor, role, nowMs + 1000 * lastsSeconds])).toString('base64url');
    return this.header(`${said}.${this.sign(said)}`, lastsSeconds, isSecure);
  }

  /** A `Set-Cookie` header that ends a session. */
  end(isSecure: boolean): string {
    return this.header('', 0, isSecure);
  }

  /** Who a `Cookie` header says it is, null for nobody. */
  callerOf(cookies: string | undefined, nowMs = Date.now()): Caller | null {
    const [, said = '', mac = ''] = /(?:^|;\s*)shunt-session=([\w-]+)\.([\w-]+)(?:;|$)/.exec(cookies ?? '') ?? [];
    const [right, given] = [Buffer.from(this.sign(said)), Buffer.from(mac)];
    if (right.length !== given.length || !timingSafeEqual(right, given)) return null;
    const [actor, role, untilMs] = JSON.parse(Buffer.from(said, 'base64url').toString()) as [string, Role, number];
    return untilMs > nowMs && roles.includes(role) ? { actor, role } : null;
  }

  private sign(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('base64url');
  }

  private header(value: string, maxAge: number, isSecure: boolean): string {
    const rules = [`Path=${sessionPath}`, 'HttpOnly', 'SameSite=Strict', `Max-Age=${maxAge}`];
    return [`${name}=${value}`, ...rules, ...(isSecure ? ['Secure'] : [])].join('; ');
  }
}
