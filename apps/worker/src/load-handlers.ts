import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Handler, ShuntError } from '@shunt/sdk';

/**
 * Loads a handlers module: its default export maps task names to `(input, ctx) => result`.
 *
 * @param file path of a JavaScript module, relative to the working directory
 * @throws ShuntError INVALID_CONFIG naming what is wrong with it
 */
export async function loadHandlers(file: string): Promise<Readonly<Record<string, Handler>>> {
  const path = resolve(file);
  if (!existsSync(path)) throw wrong(`names a module that is not there: ${path}`);
  let loaded: { default?: unknown };
  try {
    loaded = await import(pathToFileURL(path).href);
  } catch (error) {
    throw wrong(
      `could not be loaded: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
      error,
    );
  }
  const handlers = loaded.default;
  if (typeof handlers !== 'object' || handlers === null)
    throw wrong('must have a default export that maps task names to functions');
  const names = Object.entries(handlers);
  if (names.length === 0) throw wrong('must have at least one handler in its default export');
  for (const [name, handler] of names) {
    if (typeof handler !== 'function') throw wrong(`must map ${JSON.stringify(name)} to a function`);
  }
  return handlers as Record<string, Handler>;
}

function wrong(message: string, cause?: unknown): ShuntError<'INVALID_CONFIG'> {
  const details = [{ field: 'SHUNT_HANDLERS', message }];
  return new ShuntError('INVALID_CONFIG', `Invalid settings:\n  SHUNT_HANDLERS ${message}`, { details, cause });
}
