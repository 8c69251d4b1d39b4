/** Bytes over all interfaces but loopback, from the text of `/proc/net/dev`. */
export function readNetwork(text: string): { readonly received: number; readonly sent: number } {
  const rows = [...text.matchAll(/^\s*([^\s:|]+):\s*(.+)$/gm)].filter(([, name]) => name !== 'lo');
  const columns = rows.map(([, , numbers = '']) => numbers.trim().split(/\s+/).map(Number));
  const sum = (column: number) => columns.reduce((total, row) => total + (row[column] ?? 0), 0);
  return { received: sum(0), sent: sum(8) };
}

/** Bytes that a process had moved from and to disk, from the text of `/proc/<pid>/io`. */
export function readTransfer(text: string): { readonly read: number; readonly written: number } {
  const field = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return { read: field('read_bytes'), written: field('write_bytes') };
}
