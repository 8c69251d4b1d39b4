import Table from 'cli-table3';
import pc from 'picocolors';

/** A cell of a table. */
export type Cell = string | number;

/** A table for people. Coloured where picocolors finds that the output takes colours: not in a file or a pipe. */
export function textTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const table = new Table({ head: [...head], ...(pc.isColorSupported ? {} : { style: { head: [], border: [] } }) });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
