import type { Scaler } from '@shunt/lanes';

/** Starts and stops one worker's process. */
export interface WorkerProcesses {
  start(id: string): Promise<void>;
  /** Resolves once it has ended. */
  stop(id: string): Promise<void>;
}

/** Scales workers on this machine: processes that this one started. Ids are `w1`, `w2` and so on, the lowest free one first. */
export class LocalProcesses implements Scaler {
  private readonly running = new Set<string>();

  constructor(private readonly processes: WorkerProcesses) {}

  /** Notes a process that was started, or has ended, without being asked here. */
  note(id: string, isRunning: boolean): void {
    if (isRunning) this.running.add(id);
    else this.running.delete(id);
  }

  async resize(processes: number, idle: readonly string[]): Promise<void> {
    const surplus = this.running.size - processes;
    const leaving = [...this.running].filter((id) => idle.includes(id)).slice(0, Math.max(0, surplus));
    await Promise.all(leaving.map((id) => this.end(id)));
    const missing = this.freeIds(Math.max(0, -surplus));
    await Promise.all(missing.map((id) => this.begin(id)));
  }

  private async begin(id: string): Promise<void> {
    this.running.add(id);
    await this.processes.start(id).catch((error) => {
      this.running.delete(id);
      throw error;
    });
  }

  private async end(id: string): Promise<void> {
    this.running.delete(id);
    await this.processes.stop(id);
  }

  private freeIds(count: number): readonly string[] {
    const ids: string[] = [];
    for (let n = 1; ids.length < count; n++) if (!this.running.has(`w${n}`)) ids.push(`w${n}`);
    return ids;
  }
}
