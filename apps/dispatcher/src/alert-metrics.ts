import { alertNames } from '@shunt/health';
import type { KeptAlerts } from '@shunt/lanes';
import { Gauge, type Registry } from 'prom-client';

const states = ['pending', 'firing'] as const;

/** Metrics of the alerts of a pool. */
export class AlertMetrics {
  private readonly alerts;

  constructor(
    registry: Registry,
    private readonly pool: string,
  ) {
    this.alerts = new Gauge({
      name: 'shunt_alerts',
      help: '1 for an alert that is pending or fires',
      labelNames: ['pool', 'alert', 'state'],
      registers: [registry],
    });
  }

  /** Tells what a scrape found. */
  set(kept: KeptAlerts): void {
    const { pool } = this;
    for (const alert of alertNames) {
      for (const state of states) this.alerts.set({ pool, alert, state }, kept[alert]?.state === state ? 1 : 0);
    }
  }
}
