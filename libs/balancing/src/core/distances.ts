/** How far zones are from each other: zone to zone to distance, in any one unit. Told once per pair, in either direction. */
export type ZoneDistances = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The distance to a zone as a share of the farthest one, 0 to 1. */
export type DistanceTo = (zone: string | undefined) => number;

const nowhere: DistanceTo = () => 0;

/**
 * Reads a table of distances into one function per zone. A zone is 0 from itself; what the table does not tell is 1, as is
 * a worker that does not say where it is. A task that comes from nowhere is 0 from every worker.
 */
export function distancesOf(table: ZoneDistances = {}): (from: string | undefined) => DistanceTo {
  const far = Math.max(0, ...Object.values(table).flatMap((row) => Object.values(row)));
  const told = new Map<string, Map<string, number>>();
  const rowOf = (zone: string) => {
    const row = told.get(zone) ?? new Map([[zone, 0]]);
    told.set(zone, row);
    return row;
  };
  for (const [from, row] of Object.entries(table)) {
    for (const [to, distance] of Object.entries(row)) {
      if (from === to) continue;
      const share = far === 0 ? 0 : distance / far;
      rowOf(from).set(to, share);
      rowOf(to).set(from, share);
    }
  }
  return (from) => {
    if (from === undefined) return nowhere;
    const row = told.get(from) ?? new Map([[from, 0]]);
    return (zone) => (zone === undefined ? 1 : (row.get(zone) ?? 1));
  };
}
