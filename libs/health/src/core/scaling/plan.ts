/** A worker as whoever scales a pool sees it. */
export interface ScaledWorker {
  readonly id: string;
  readonly isDrained: boolean;
  readonly running: number;
  /** Tasks in its lane. */
  readonly waiting: number;
  /** Agents whose states it holds, as far as anybody knows. */
  readonly agents: number;
}

/** What to do next so that a pool has so many workers. */
export interface ScalePlan {
  /** Victims that are to be drained: they take nothing more and end what they run. */
  readonly drain: readonly string[];
  /** Were to go and are needed again. */
  readonly undrain: readonly string[];
  /** Workers that are to go. */
  readonly victims: readonly string[];
  /** Victims that have nothing left. */
  readonly idle: readonly string[];
  /** Processes there should be: the wanted ones and victims that are still busy. */
  readonly processes: number;
}

/**
 * Plans one step towards `target` workers. Who has fewest agents goes first, then who has least to do; one that an operator drained goes before
 * all others. Ties go by id, so that the same facts give the same victims.
 *
 * @param victims those of the step before
 */
export function scalePlan(workers: readonly ScaledWorker[], victims: readonly string[], target: number): ScalePlan {
  const known = workers.filter(({ id }) => victims.includes(id));
  const staying = workers.filter(({ id }) => !victims.includes(id));
  const excess = staying.length - target;
  const chosen = [...staying].sort(byWorth).slice(0, Math.max(0, excess));
  const saved = [...known].sort(byWorth).reverse().slice(0, Math.max(0, -excess));
  const left = [...known.filter((one) => !saved.includes(one)), ...chosen];
  const idle = left.filter(({ running, waiting, isDrained }) => isDrained && running + waiting === 0);
  return {
    drain: left.filter(({ isDrained }) => !isDrained).map(({ id }) => id),
    undrain: saved.map(({ id }) => id),
    victims: left.map(({ id }) => id).sort(),
    idle: idle.map(({ id }) => id).sort(),
    processes: target + left.length - idle.length,
  };
}

function byWorth(a: ScaledWorker, b: ScaledWorker): number {
  const load = ({ running, waiting }: ScaledWorker) => running + waiting;
  const drained = Number(b.isDrained) - Number(a.isDrained);
  return drained || a.agents - b.agents || load(a) - load(b) || (a.id < b.id ? 1 : -1);
}
