import { ShuntError } from '@shunt/sdk';

const loopback = /^(?:127(?:\.\d{1,3}){3}|::1|\[::1\]|localhost)$/i;

/** Whether a host name or address is this machine alone. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}

/** Refuses to serve the API to others than this machine without keys. @throws ShuntError INVALID_CONFIG */
export function assertMayListen(host: string, hasKeys: boolean): void {
  if (hasKeys || isLoopback(host)) return;
  const message = 'must be set where SHUNT_HTTP_HOST is not a loopback address: else everybody could use the HTTP API';
  throw new ShuntError('INVALID_CONFIG', `Invalid settings:\n  SHUNT_API_KEYS ${message}`, {
    details: [{ field: 'SHUNT_API_KEYS', message }],
  });
}
