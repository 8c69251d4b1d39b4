import { Injectable } from '@nestjs/common';
import { PoolHosts } from './pool-hosts.js';

/** A health indicator of @nestjs/terminus: `() => shunt.isHealthy('shunt')` in its `check`. */
@Injectable()
export class ShuntHealthIndicator {
  constructor(private readonly hosts: PoolHosts) {}

  /** Up while Redis answers and every worker of this application is registered; else down, with the reason. */
  async isHealthy<Key extends string>(key: Key): Promise<Record<Key, { status: 'up' | 'down'; message?: string }>> {
    const reasons = (await Promise.all(this.hosts.all().map((host) => host.notReady()))).filter((one) => one !== null);
    const message = reasons.join('; ');
    return { [key]: message === '' ? { status: 'up' } : { status: 'down', message } } as never;
  }
}
