/**
 * Tasks that Redis has in a worker's slots while the worker does not run them: nobody ever would. What Redis came back with after a
 * failover may be older than what the worker has ended since.
 */
export class Orphans {
  private suspects: ReadonlySet<string> = new Set();
  private life = '';

  /**
   * Compares one look of a life at the slots with what runs. Resolves to whether a task is missing as it was the time before: the answer
   * that brought it may still be on its way the first time, in each life anew, as that takes back what the one before missed.
   */
  remain(life: string, held: readonly string[], isRunning: (task: string) => boolean): boolean {
    const missing = held.filter((task) => !isRunning(task));
    const areSame = life === this.life && missing.some((task) => this.suspects.has(task));
    this.life = life;
    this.suspects = new Set(missing);
    return areSame;
  }
}
