import { type Alert, nextAlert, ownHoldsMs, type Reading } from '@shunt/health';
import { type AlertNotice, type KeptAlerts, NoticeBoard } from '@shunt/lanes';

/** Time between looks, and how long an alert of a dispatcher must be over before it is resolved, in ms. */
const lookMs = 1000;
const keepMs = 5000;

/** Options of {@link OwnAlerts}. */
export interface OwnAlertsOptions {
  /** Until when somebody leads, in ms since 1970, 0 for nobody; rejects when Redis does not answer. */
  readonly leadsUntilMs: () => Promise<number>;
  readonly tell: (notice: AlertNotice) => Promise<void>;
  /** Ms since 1970. Defaults to the clock. */
  readonly now?: () => number;
}

/**
 * The alerts that each dispatcher judges by itself, as there is nobody to agree with: no_leader and redis_down. They end with the process, and
 * each dispatcher tells them.
 */
export class OwnAlerts {
  /** Those that are more than inactive. */
  current: KeptAlerts = {};
  private readonly board: NoticeBoard;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: OwnAlertsOptions) {
    this.board = new NoticeBoard(options.tell);
  }

  /** Looks again and again. */
  start(): void {
    this.timer = setInterval(() => void this.look(), lookMs);
  }

  /** Looks no longer. */
  stop(): void {
    clearInterval(this.timer);
  }

  /** Takes one look. */
  async look(): Promise<void> {
    const { leadsUntilMs, now = Date.now } = this.options;
    const untilMs = await leadsUntilMs().catch(() => null);
    const nowMs = now();
    const found: Readonly<Record<keyof typeof ownHoldsMs, Reading | null>> = {
      redis_down: reading(
        untilMs === null,
        'Redis does not answer: nothing is taken in, placed or pulled',
        'Redis answers',
      ),
      no_leader:
        untilMs === null
          ? null
          : reading(
              untilMs <= nowMs,
              'No dispatcher leads: agents without a home wait, and nobody finds dead workers',
              'A dispatcher leads',
            ),
    };
    const kept = this.board.noted(this.current);
    const next: Partial<Record<keyof typeof ownHoldsMs, Alert>> = {};
    for (const name of Object.keys(found) as (keyof typeof found)[]) {
      const alert = nextAlert(kept[name], found[name], { forMs: ownHoldsMs[name], keepMs }, nowMs);
      if (alert) next[name] = alert;
    }
    this.current = next;
    this.board.post(next);
  }
}

function reading(isRaised: boolean, text: string, otherwise: string): Reading {
  return { isRaised, isCleared: !isRaised, value: isRaised ? 1 : 0, text: isRaised ? text : otherwise };
}
