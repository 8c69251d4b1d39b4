/** One task of a trace. */
export interface TraceTask {
  /** When it arrives, whole milliseconds from the start of the trace. */
  readonly tMs: number;
  /** The affinity key. */
  readonly agent: string;
  /** How long a worker is busy with it, whole milliseconds, at least 1. Only the shape is meaningful: scale freely. */
  readonly costMs: number;
  /** A label that each trace explains. */
  readonly kind: string;
}

/** Where the columns of a trace are; a trace may carry further ones. */
export interface RowParser {
  readonly width: number;
  readonly tMs: number;
  readonly agent: number;
  readonly costMs: number;
  readonly kind: number;
}

/**
 * Finds the columns by their names, so that their order does not matter.
 * @throws Error naming the column that is missing.
 */
export function parseHeader(line: string): RowParser {
  const names = cells(line);
  const indexOf = (name: string): number => {
    const index = names.indexOf(name);
    if (index < 0) throw new Error(`column ${name} is missing`);
    return index;
  };
  return {
    width: names.length,
    tMs: indexOf('t_ms'),
    agent: indexOf('agent'),
    costMs: indexOf('cost_ms'),
    kind: indexOf('kind'),
  };
}

/**
 * Reads one line of a trace. Quoted cells are not part of the format.
 * @throws Error naming the column that is wrong.
 */
export function parseRow(parser: RowParser, line: string): TraceTask {
  const row = cells(line);
  if (row.length !== parser.width) throw new Error(`${row.length} columns instead of ${parser.width}`);
  const agent = row[parser.agent] ?? '';
  if (agent === '') throw new Error('column agent is empty');
  return {
    tMs: wholeNumber('t_ms', row[parser.tMs], 0),
    agent,
    costMs: wholeNumber('cost_ms', row[parser.costMs], 1),
    kind: row[parser.kind] ?? '',
  };
}

function cells(line: string): string[] {
  return (line.endsWith('\r') ? line.slice(0, -1) : line).split(',');
}

function wholeNumber(column: string, cell: string | undefined, least: number): number {
  const value = /^\d+$/.test(cell ?? '') ? Number(cell) : Number.NaN;
  if (!(value >= least && Number.isSafeInteger(value))) {
    throw new Error(`column ${column} is not a whole number from ${least}`);
  }
  return value;
}
