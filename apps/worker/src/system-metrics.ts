import { readFile, statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';
import { readNetwork, readTransfer } from './proc-files.js';

const cpuModes = ['user', 'nice', 'sys', 'idle', 'irq'] as const;

/**
 * Metrics of the machine and of what this process does with its disk; Node's own are prom-client's. What only Linux tells stays at 0
 * elsewhere.
 */
export function addSystemMetrics(registry: Registry): void {
  const registers = [registry];
  new Counter({
    name: 'shunt_host_cpu_seconds_total',
    help: 'CPU time of all cores of the machine by mode',
    labelNames: ['mode'],
    registers,
    collect() {
      this.reset();
      for (const { times } of cpus()) for (const mode of cpuModes) this.inc({ mode }, times[mode] / 1000);
    },
  });
  new Gauge({
    name: 'shunt_host_memory_bytes',
    help: 'Memory of the machine',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'total' }, totalmem());
      this.set({ state: 'free' }, freemem());
    },
  });
  new Counter({
    name: 'shunt_host_network_bytes_total',
    help: 'Bytes over the network interfaces of the machine but loopback',
    labelNames: ['direction'],
    registers,
    async collect() {
      const { received, sent } = readNetwork(await textOf('/proc/net/dev'));
      this.reset();
      this.inc({ direction: 'received' }, received);
      this.inc({ direction: 'sent' }, sent);
    },
  });
  new Counter({
    name: 'shunt_process_disk_bytes_total',
    help: 'Bytes that this process had read from disk and written to it',
    labelNames: ['direction'],
    registers,
    async collect() {
      const { read, written } = readTransfer(await textOf('/proc/self/io'));
      this.reset();
      this.inc({ direction: 'read' }, read);
      this.inc({ direction: 'written' }, written);
    },
  });
  new Gauge({
    name: 'shunt_host_disk_bytes',
    help: 'Disk of the working directory',
    labelNames: ['state'],
    registers,
    async collect() {
      const { blocks, bavail, bsize } = await statfs('.');
      this.set({ state: 'total' }, blocks * bsize);
      this.set({ state: 'free' }, bavail * bsize);
    },
  });
  let loop = performance.eventLoopUtilization();
  new Gauge({
    name: 'shunt_event_loop_ratio',
    help: 'Share of time that the event loop was busy since the scrape before',
    registers,
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, loop).utilization);
      loop = now;
    },
  });
}

async function textOf(path: string): Promise<string> {
  // No Linux, or no right to read it.
  return readFile(path, 'utf8').catch(() => '');
}
