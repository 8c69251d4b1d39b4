import { runProcess, type Service } from '@shunt/runtime';
import { ShuntError } from '@shunt/sdk';

/** Services that differ in how they start and stop; the process runs the one its first argument names. */
const services: Readonly<Record<string, () => Promise<Service>>> = {
  clean: async () => serving(async () => 'clean'),
  'hands-back': async () => serving(async () => 'handed-back'),
  'gives-up': async () => serving(async () => 'forced'),
  'stop-fails': async () => serving(() => Promise.reject(new Error('the store is gone'))),
  'ends-badly': async () => ({
    ...serving(async () => 'clean'),
    ended: Promise.reject(new ShuntError('LEASE_LOST', 'lost')),
  }),
  'never-stops': async () =>
    serving(() => {
      process.send?.('stopping');
      return new Promise(() => undefined);
    }),
  /** Never stops, and hears the signal again and again. From itself: one from outside could come when it no longer listens. */
  'told-again': async () =>
    serving(() => {
      setInterval(() => process.emit('SIGINT', 'SIGINT'), 10);
      return new Promise(() => undefined);
    }),
  'start-fails': () => Promise.reject(new Error('no luck')),
  'bad-config': () => Promise.reject(new ShuntError('INVALID_CONFIG', 'Invalid settings:\n  SHUNT_SLOTS must be 1')),
  'port-taken': () => Promise.reject(Object.assign(new Error('listen EADDRINUSE 127.0.0.1:1'), { syscall: 'listen' })),
  /** Starts only once it is told, so that a signal can come before. */
  'starts-late': () =>
    new Promise((resolve) => {
      process.once('message', () => resolve(serving(async () => 'clean')));
      process.send?.('starting');
    }),
};

/** A started service. The IPC channel with its parent keeps the process running, as a server would. */
function serving(stop: Service['stop']): Service {
  setInterval(() => undefined, 1000);
  process.send?.('started');
  return { stop };
}

await runProcess(services[process.argv[2] ?? ''] as () => Promise<Service>);
