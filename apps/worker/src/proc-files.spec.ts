import { describe, expect, it } from 'vitest';
import { readNetwork, readTransfer } from './proc-files.js';

const dev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    9000      90    0    0    0     0          0         0     9000      90    0    0    0     0       0          0
  eth0:    1500      12    0    0    0     0          0         0      700      10    0    0    0     0       0          0
 wlan0:12345678      12    0    0    0     0          0         0      300      10    0    0    0     0       0          0
`;

describe('what Linux tells', () => {
  it('of the network is summed over all interfaces but loopback', () => {
    expect(readNetwork(dev)).toEqual({ received: 1500 + 12_345_678, sent: 1000 });
  });

  it('of the disk is what reached it', () => {
    expect(readTransfer('rchar: 999\nwchar: 888\nread_bytes: 4096\nwrite_bytes: 8192\n')).toEqual({
      read: 4096,
      written: 8192,
    });
  });

  it('is nothing where there is no such file', () => {
    expect([readNetwork(''), readTransfer('')]).toEqual([
      { received: 0, sent: 0 },
      { read: 0, written: 0 },
    ]);
  });
});
