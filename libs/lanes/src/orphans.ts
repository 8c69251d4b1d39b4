/**
 * Tasks that Redis has in a worker's slots while the worker does not run them: nobody ever would. What Redis came back with after a
 * failover may be older than what the worker has ended since.
 */
export class Orphans {
  private suspects: ReadonlySet<string> = new Set();

  /**
   * Compares one look at the slots with what runs. Resolves to whether a task is missing as it was the time before: the answer that
   * brought it may still be on its way the first time.
   */
  remain(held: readonly string[], isRunning: (task: string) => boolean): boolean {
    const missing = held.filter((task) => !isRunning(task));
    const areSame = missing.some((task) => this.suspects.has(task));
    this.suspects = new Set(missing);
    return areSame;
  }
}
