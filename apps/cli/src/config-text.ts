import { flatConfig, hotKeys, type KeyChange, type PoolConfig } from '@shunt/lanes';
import { formatDuration } from '@shunt/sdk';
import { textTable } from './text-table.js';

const units = new Map(hotKeys.map(({ key, unit }) => [key, unit]));

/** Every key with its value. */
export function configTable(config: PoolConfig): string {
  const flat = flatConfig(config);
  const rows = hotKeys.map(({ key, fallback, about }) => [key, valueText(key, flat[key], ''), fallback, about]);
  return textTable(['key', 'value', 'default', 'what'], rows);
}

/** What a change changed, a line each; that it changed nothing where that is so. */
export function changesText(changes: readonly KeyChange[]): string {
  if (changes.length === 0) return ', nothing changed';
  const lines = changes.map(({ key, from, to }) => `  ${key}: ${valueText(key, from)} -> ${valueText(key, to)}`);
  return `\n${lines.join('\n')}`;
}

function valueText(key: string, value: unknown, none = 'default'): string {
  if (value === undefined) return none;
  if (units.get(key) === 'duration' && typeof value === 'number') return formatDuration(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
