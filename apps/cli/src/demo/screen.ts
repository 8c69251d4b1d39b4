import logUpdate from 'log-update';
import pc from 'picocolors';
import type { Sight } from './sight.js';
import { line, page } from './view.js';

const lineEveryMs = 5000;

/** Where a demo is shown: redrawn in place on a terminal, a line now and then elsewhere. */
export class Screen {
  private readonly isLive = process.stdout.isTTY === true;
  private lastNote = '';
  private lastLineMs: number | null = null;

  /** Writes a line that stays. */
  say = (text: string): void => {
    if (this.isLive) logUpdate.clear();
    console.log(`${pc.dim('shunt')} ${text}`);
  };

  /** Writes a line that stays, unless it says what the last note said. */
  note = (text: string): void => {
    if (text !== this.lastNote) this.say(pc.yellow(text));
    this.lastNote = text;
  };

  /** Shows the replay as it is now. */
  show(sight: Sight): void {
    if (this.isLive) {
      logUpdate(page(sight, process.stdout.columns));
      return;
    }
    const nowMs = performance.now();
    this.lastLineMs ??= nowMs;
    if (nowMs - this.lastLineMs < lineEveryMs) return;
    this.lastLineMs = nowMs;
    console.log(line(sight));
  }

  /** Leaves the last picture where it is and gives the cursor back. */
  end(): void {
    if (this.isLive) logUpdate.done();
  }
}
