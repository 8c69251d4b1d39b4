import type { AlertNotice } from '@shunt/lanes';
import type { Logger } from '@shunt/runtime';
import type { Webhook } from './webhook.js';

/** What the teller needs. */
export interface AlertTellerOptions {
  readonly pool: string;
  readonly dispatcher: string;
  readonly logger: Logger;
  readonly webhook?: Webhook | undefined;
}

/** Tells people of alerts: in the log, and by the webhook if there is one. */
export class AlertTeller {
  constructor(private readonly options: AlertTellerOptions) {}

  /** Resolves once the webhook took it, or was given up on. */
  tell = async (notice: AlertNotice): Promise<void> => {
    const { logger, webhook, pool, dispatcher } = this.options;
    const { id, alert, state, sinceMs, value, text } = notice;
    if (state === 'firing') logger.warn({ alert, value }, `alert ${alert} fires: ${text}`);
    else logger.info({ alert, value }, `alert ${alert} is resolved: ${text}`);
    if (!webhook) return;
    const since = new Date(sinceMs).toISOString();
    const problem = await webhook.send({ id, alert, state, since, value, text, pool, dispatcher });
    if (problem !== null) logger.error({ alert, problem }, 'an alert could not be told to SHUNT_ALERT_WEBHOOK');
  };
}
