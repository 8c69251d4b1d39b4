import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy, NetworkFault } from '../../fault-proxy.js';
import { untilSeen } from '../evidence.js';
import type { Nemesis, Site } from '../nemesis.js';

const excuses = 'victim';
const target = 'line';

/** A fault of a line that lasts, and is seen by what it did to bytes. */
function lasting(
  name: string,
  leases: number,
  fault: NetworkFault,
  figureOf: (proxy: FaultProxy) => number,
  unit: string,
): Nemesis {
  const strike = async ({ run, leaseMs }: Site, victim: string) => {
    const proxy = await run.lines.of(victim);
    const before = figureOf(proxy);
    proxy.become(fault);
    try {
      await sleep(leases * leaseMs);
      await untilSeen(`${name} of ${victim}`, () => figureOf(proxy) > before);
    } finally {
      run.faultOfNetwork(`${name}, over`, victim);
      proxy.become({});
    }
    return `${figureOf(proxy) - before} ${unit} in ${leases * leaseMs} ms`;
  };
  return { name, target, excuses, leases: leases + 1, strike };
}

const held = { isHeld: true };
const late = { latencyMs: 150 };
const sliced = { isSliced: true };
const heldBytes = ({ figures }: FaultProxy) => figures.heldBytes;

const blackhole = (name: string, leases: number, fault: NetworkFault) =>
  lasting(name, leases, fault, heldBytes, 'bytes held');

const resets: Nemesis = {
  name: 'network reset',
  target,
  excuses,
  leases: 0.5,
  strike: async ({ run }, victim) => {
    const proxy = await run.lines.of(victim);
    const before = proxy.resets;
    await untilSeen(`a reset of ${victim}`, () => {
      proxy.reset();
      return proxy.resets > before;
    });
    return `${proxy.resets - before} connections reset`;
  },
};

const lostReply: Nemesis = {
  name: 'network loses a reply',
  target,
  excuses,
  leases: 0.5,
  strike: async ({ run }, victim) => {
    const proxy = await run.lines.of(victim);
    const before = proxy.lost;
    proxy.loseReplies();
    await untilSeen(`a lost reply of ${victim}`, () => {
      if (proxy.lost === before) proxy.loseReplies();
      return proxy.lost > before;
    });
    return `${proxy.lost - before} replies lost`;
  },
};

/** What strikes the network of one process: a worker, a dispatcher, the producer. */
export const networkNemeses: readonly Nemesis[] = [
  blackhole('network blackhole, short', 0.5, { requests: held, replies: held }),
  blackhole('network blackhole', 3, { requests: held, replies: held }),
  blackhole('network blackhole of requests', 3, { requests: held }),
  blackhole('network blackhole of replies', 3, { replies: held }),
  lasting(
    'network latency',
    1,
    { requests: late, replies: late },
    ({ figures }) => figures.lateChunks,
    'chunks 150 ms late',
  ),
  lasting(
    'network one-byte slices',
    1,
    { requests: sliced, replies: sliced },
    ({ figures }) => figures.slicedBytes,
    'bytes passed one by one',
  ),
  resets,
  lostReply,
];
