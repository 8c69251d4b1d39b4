import { createServer } from 'node:net';

/** Finds a loopback TCP port that nobody listens on now. Another process may still take it: start, and retry. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') {
          reject(new Error('the probe socket has no port'));
        } else {
          resolve(address.port);
        }
      });
    });
  });
}
