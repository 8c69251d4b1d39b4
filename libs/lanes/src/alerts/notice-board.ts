import type { Alert, AlertName } from '@shunt/health';
import type { KeptAlerts } from './alert-store.js';

/** What people are told of an alert that fires or is resolved. */
export interface AlertNotice {
  /** The same each time it is told: `high_error_rate-firing-1764230400000`. */
  readonly id: string;
  readonly alert: AlertName;
  readonly state: 'firing' | 'resolved';
  readonly sinceMs: number;
  readonly value: number;
  readonly text: string;
}

/** Has each alert told once, and notes which were. What was not told by a leader that ended is told by the next one, under the same id. */
export class NoticeBoard {
  private readonly told = new Set<string>();
  private readonly underWay = new Set<string>();

  constructor(private readonly tell: (notice: AlertNotice) => Promise<void>) {}

  /** Alerts with what has been told meanwhile. */
  noted(alerts: KeptAlerts): KeptAlerts {
    const known = new Set(Object.entries(alerts).map(([name, alert]) => idOf(name as AlertName, alert)));
    for (const id of this.told) if (!known.has(id)) this.told.delete(id);
    return Object.fromEntries(
      Object.entries(alerts).map(([name, alert]) => {
        return [name, { ...alert, isTold: alert.isTold || this.told.has(idOf(name as AlertName, alert)) }];
      }),
    );
  }

  /** Begins to tell what has not been told. */
  post(alerts: KeptAlerts): void {
    for (const [name, alert] of Object.entries(alerts)) {
      const { state, sinceMs, value, text, isTold } = alert;
      const id = idOf(name as AlertName, alert);
      if (state === 'pending' || isTold || this.told.has(id) || this.underWay.has(id)) continue;
      this.underWay.add(id);
      const done = () => {
        this.underWay.delete(id);
        this.told.add(id);
      };
      this.tell({ id, alert: name as AlertName, state, sinceMs, value, text }).then(done, done);
    }
  }
}

function idOf(name: AlertName, { state, sinceMs }: Alert): string {
  return `${name}-${state}-${sinceMs}`;
}
