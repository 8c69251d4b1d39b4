import { formatDuration } from '@shunt/input';
import { type ChangedConfig, hotKeys, type KeyChange, type VersionedConfig } from '@shunt/lanes';

/** A configuration as a change would make it, with the version that it would have, and what would change. */
export interface ConfigPlan extends VersionedConfig {
  /** In a few words. */
  readonly would: string;
}

const durations = new Set(hotKeys.filter(({ unit }) => unit === 'duration').map(({ key }) => key));

/** Says what a change of a configuration would do. */
export function configPlan({ version, config, changes }: ChangedConfig): ConfigPlan {
  if (changes.length === 0) return { version, config, would: 'It is so already: nothing would change.' };
  const would = `${changes.map(changeText).join('; ')}. Every process would apply it within a second.`;
  return { version, config, would };
}

function changeText({ key, from, to }: KeyChange): string {
  return `${key}: ${valueText(key, from)} → ${valueText(key, to)}`;
}

function valueText(key: string, value: unknown): string {
  if (value === undefined) return 'as the processes say';
  if (durations.has(key) && typeof value === 'number') return formatDuration(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
