import { badSetting, loadDefault } from '@shunt/runtime';
import type { Handler } from '@shunt/sdk';

const wrong = (message: string) => badSetting('SHUNT_HANDLERS', message);

/**
 * Loads a handlers module: its default export maps task names to `(input, ctx) => result`.
 *
 * @param file path of a JavaScript module, relative to the working directory
 * @throws ShuntError INVALID_CONFIG naming what is wrong with it
 */
export async function loadHandlers(file: string): Promise<Readonly<Record<string, Handler>>> {
  const handlers = await loadDefault('SHUNT_HANDLERS', file);
  if (typeof handlers !== 'object' || handlers === null)
    throw wrong('must have a default export that maps task names to functions');
  const names = Object.entries(handlers);
  if (names.length === 0) throw wrong('must have at least one handler in its default export');
  for (const [name, handler] of names) {
    if (typeof handler !== 'function') throw wrong(`must map ${JSON.stringify(name)} to a function`);
  }
  return handlers as Record<string, Handler>;
}
