import { describe, expect, it } from 'vitest';
import { healthUrlOf } from './health-url.js';

const address = (family: string, of: string, internal: boolean) => ({ family, address: of, internal });
const interfaces = (...addresses: object[]) => (() => ({ eth0: addresses })) as never;

describe('healthUrlOf', () => {
  it('is on the address that the endpoints listen on', () => {
    expect(healthUrlOf('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080/health');
  });

  it.each(['http://0.0.0.0:8080', 'http://[::]:8080'])('is on the first outer address for %s', (endpoint) => {
    const found = interfaces(
      address('IPv4', '127.0.0.1', true),
      address('IPv6', 'fe80::1', false),
      address('IPv4', '10.0.0.7', false),
    );
    expect(healthUrlOf(endpoint, found)).toBe('http://10.0.0.7:8080/health');
  });

  it('is on loopback where there is no outer address', () => {
    expect(healthUrlOf('http://0.0.0.0:1', interfaces())).toBe('http://127.0.0.1:1/health');
  });
});
