import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Effect, Verdict } from './ledger.js';

/** Asks the effect store of a run; answers come in the order of the questions. */
export class EffectClient {
  private readonly socket;
  private readonly waiting: ((verdict: Verdict) => void)[] = [];

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    createInterface(this.socket).on('line', (verdict) => this.waiting.shift()?.(verdict as Verdict));
  }

  /** Resolves to what the store did. */
  write(effect: Effect): Promise<Verdict> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.socket.write(`${JSON.stringify(effect)}\n`);
    });
  }

  /** Asks no more. */
  close(): void {
    this.socket.end();
  }
}
