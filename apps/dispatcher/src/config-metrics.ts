import type { Dispatcher } from '@shunt/lanes';
import { Gauge, type Registry } from 'prom-client';

/** Metrics of how far a dispatcher goes by the pool's configuration. */
export class ConfigMetrics {
  private readonly version;
  private readonly refused;

  constructor(
    registry: Registry,
    private readonly pool: string,
  ) {
    const gauge = (name: string, help: string) =>
      new Gauge({ name, help, labelNames: ['pool'], registers: [registry] });
    this.version = gauge('shunt_config_version', 'Version of the configuration in force, 0 for own settings');
    this.refused = gauge('shunt_config_refused', '1 while this dispatcher cannot apply the configuration');
  }

  /** Tells what a scrape found. */
  set({ version, refused }: Dispatcher['config']): void {
    this.version.set({ pool: this.pool }, version);
    this.refused.set({ pool: this.pool }, refused === null ? 0 : 1);
  }
}
