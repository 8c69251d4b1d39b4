import { setTimeout as sleep } from 'node:timers/promises';

/** How a webhook is called. */
export interface WebhookOptions {
  /** Where, with user and password if it needs any. */
  readonly url: string;
  /** How long an answer may take, in ms. Defaults to 5 s. */
  readonly timeoutMs?: number;
  /** Pauses before it is tried again, in ms; as many tries and one. Defaults to 1, 4, 15 and 60 s. */
  readonly pausesMs?: readonly number[];
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

/** Most messages that wait; with more the new ones are given up on. */
const maxWaiting = 100;

/** Posts messages as JSON, one after the other. */
export class Webhook {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private readonly url: URL;
  private readonly headers: Record<string, string>;

  constructor(private readonly options: WebhookOptions) {
    this.url = new URL(options.url);
    const { username, password } = this.url;
    this.url.username = '';
    this.url.password = '';
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const authorization = username === '' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
    this.headers = { 'content-type': 'application/json', 'user-agent': 'shunt', ...authorization };
  }

  /** Sends a message. Resolves to null once it was taken, else to why it was given up on, which names no part of the URL. */
  async send(message: object): Promise<string | null> {
    if (this.waiting >= maxWaiting) return `${maxWaiting} others wait`;
    this.waiting++;
    const mine = this.last.then(() => this.deliver(JSON.stringify(message)));
    this.last = mine;
    return mine.finally(() => this.waiting--);
  }

  private async deliver(body: string): Promise<string | null> {
    const { signal, pausesMs = [1000, 4000, 15_000, 60_000] } = this.options;
    for (let tries = 0; ; tries++) {
      if (signal.aborted) return 'the process stops';
      const problem = await this.post(body);
      const pauseMs = pausesMs[tries];
      if (problem === null || problem.isFinal || pauseMs === undefined) return problem?.why ?? null;
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async post(body: string): Promise<{ why: string; isFinal: boolean } | null> {
    const { signal, timeoutMs = 5000 } = this.options;
    try {
      const { ok, status } = await fetch(this.url, {
        method: 'POST',
        headers: this.headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      if (ok) return null;
      const isPassing = status >= 500 || status === 408 || status === 429;
      return { why: `it answered ${status}`, isFinal: !isPassing };
    } catch (error) {
      const isSlow = error instanceof Error && error.name === 'TimeoutError';
      return { why: isSlow ? 'it did not answer in time' : 'it could not be reached', isFinal: false };
    }
  }
}
