import { ShuntError } from '@shunt/lanes';

/** Waits under way: each ends with its promise, at its deadline, or when all are closed, whichever comes first. */
export class Waits {
  private readonly endings = new Set<(error: ShuntError) => void>();
  private closed = false;

  /** Whether {@link close} was called. */
  get isClosed(): boolean {
    return this.closed;
  }

  /**
   * Settles as the promise does, or with what `onLate` returns or throws once `deadlineMs` (of performance.now) is past.
   *
   * @throws ShuntError STORE_UNAVAILABLE when closed meanwhile
   */
  until<T, Late>(deadlineMs: number, promise: Promise<T>, onLate: () => Late): Promise<T | Late> {
    if (this.closed) {
      promise.catch(() => undefined);
      return Promise.reject(closedMeanwhile());
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        this.endings.delete(fail);
      };
      const fail = (error: unknown) => {
        leave();
        reject(error);
      };
      const beLate = () => {
        leave();
        try {
          resolve(onLate());
        } catch (error) {
          reject(error);
        }
      };
      const timer = setTimeout(beLate, Math.max(0, deadlineMs - performance.now()));
      this.endings.add(fail);
      promise.then((value) => {
        leave();
        resolve(value);
      }, fail);
    });
  }

  /** Waits until `deadlineMs` (of performance.now). @throws ShuntError STORE_UNAVAILABLE when closed meanwhile */
  pause(deadlineMs: number): Promise<void> {
    return this.until(deadlineMs, new Promise<void>(() => undefined), () => undefined);
  }

  /** Fails every wait under way. */
  close(): void {
    this.closed = true;
    for (const fail of [...this.endings]) fail(closedMeanwhile());
  }
}

function closedMeanwhile(): ShuntError {
  return new ShuntError('STORE_UNAVAILABLE', 'The client was closed meanwhile; safe to repeat with the same id');
}
