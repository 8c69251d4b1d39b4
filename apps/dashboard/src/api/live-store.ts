import { ApiError, send } from './client.js';
import { type LiveState, unknown, withAll, withTick } from './live-state.js';
import { eventsOf } from './sse.js';

/** Pause before a lost stream is asked for again. */
const againMs = 1000;
/** A stream that says nothing for so long is taken for lost: it has an event a second. */
const silenceMs = 12_000;

/** Keeps the one stream of the page open, and what it told. */
export class LiveStore {
  private state: LiveState = unknown;
  private readonly listeners = new Set<() => void>();
  private ended: AbortController | undefined;

  /** Opens the stream with the first listener, ends it with the last. */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.ended === undefined) {
      this.ended = new AbortController();
      void this.run(this.ended.signal);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.ended?.abort();
      this.ended = undefined;
    };
  };

  snapshot = (): LiveState => this.state;

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const problem = await this.follow(signal).then(
        () => 'The dispatcher ended the stream',
        (error: unknown) => (error instanceof ApiError ? error.message : 'The dispatcher does not answer'),
      );
      if (signal.aborted) return;
      this.set({ ...this.state, link: 'lost', lostSinceMs: this.state.lostSinceMs ?? Date.now(), problem });
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), silenceMs);
    try {
      const { body } = await send('/live', { signal: AbortSignal.any([signal, silent.signal]) });
      if (body === null) return;
      for await (const { event, data } of eventsOf(body)) {
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), silenceMs);
        if (event === 'all') this.set(withAll(this.state, JSON.parse(data)));
        if (event === 'tick') this.set(withTick(this.state, JSON.parse(data)));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  private set(state: LiveState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
