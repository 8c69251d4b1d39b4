import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from './loopback.js';

/**
 * Why a request is not to be served as a page of another site may have had a browser send it, null when it is fine. Where
 * no keys are set the `Host` must be this machine's too: else a name that is made to lead here would do (DNS rebinding).
 */
export function foreignPage(headers: IncomingHttpHeaders, hasKeys: boolean): string | null {
  const { host = '', origin } = headers;
  if (!hasKeys && !isLoopback(nameOf(host)))
    return 'the Host header must be a loopback address, as no API keys are set';
  if (headers['sec-fetch-site'] === 'cross-site') return 'it comes from a page of another site';
  if (origin === undefined) return null;
  return URL.canParse(origin) && new URL(origin).host === host ? null : 'it comes from a page of another site';
}

/** A host header without its port. */
function nameOf(host: string): string {
  return host.replace(/:\d{1,5}$/, '');
}
