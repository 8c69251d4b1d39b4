import { FaultProxy } from '../fault-proxy.js';

/** The network of a run: a proxy in front of Redis for each process, so that a fault strikes one of them alone. */
export class Lines {
  private readonly proxies = new Map<string, FaultProxy>();

  constructor(private readonly redisUrl: string) {}

  /** The line of a process, the same for all its lives. */
  async of(name: string): Promise<FaultProxy> {
    const known = this.proxies.get(name);
    if (known !== undefined) return known;
    const proxy = await FaultProxy.open(this.redisUrl);
    this.proxies.set(name, proxy);
    return proxy;
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.proxies.values()].map((proxy) => proxy.close()));
  }
}
