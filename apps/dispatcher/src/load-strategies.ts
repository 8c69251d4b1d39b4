import { type Strategy, strategies } from '@shunt/balancing';
import { badSetting, loadDefault } from '@shunt/runtime';

const form = "must have a default export that lists strategies, as strategy('name', pick) makes them";
const nameForm = /^[\w.-]{1,64}$/;

/**
 * Loads a module of strategies: its default export is a list of them. None without a file.
 *
 * @param file path of a JavaScript module, relative to the working directory
 * @throws ShuntError INVALID_CONFIG naming what is wrong with it
 */
export async function loadStrategies(file: string | undefined): Promise<readonly Strategy[]> {
  if (file === undefined) return [];
  const listed = await loadDefault('SHUNT_STRATEGIES', file);
  if (!Array.isArray(listed) || listed.length === 0 || !listed.every(isStrategy))
    throw badSetting('SHUNT_STRATEGIES', form);
  return listed;
}

/** Checks that settings name strategies there are. @throws ShuntError INVALID_CONFIG naming the first that does not */
export function assertStrategies(named: Readonly<Record<string, string | undefined>>, own: readonly Strategy[]): void {
  const known = [...new Set([...Object.keys(strategies), ...own.map(({ name }) => name)])];
  for (const [setting, name] of Object.entries(named)) {
    if (name !== undefined && !known.includes(name)) throw badSetting(setting, `must be one of ${known.join(', ')}`);
  }
}

function isStrategy(value: unknown): value is Strategy {
  if (typeof value !== 'object' || value === null) return false;
  const { name, initial, pick } = value as Partial<Strategy>;
  return nameForm.test(String(name)) && typeof initial === 'function' && typeof pick === 'function';
}
