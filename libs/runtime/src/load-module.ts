import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ShuntError } from '@shunt/sdk';

/**
 * Loads the default export of a module that a setting names.
 *
 * @param file path of a JavaScript module, relative to the working directory
 * @throws ShuntError INVALID_CONFIG when it is not there or could not be loaded
 */
export async function loadDefault(setting: string, file: string): Promise<unknown> {
  const path = resolve(file);
  if (!existsSync(path)) throw badSetting(setting, `names a module that is not there: ${path}`);
  try {
    const loaded: { default?: unknown } = await import(pathToFileURL(path).href);
    return loaded.default;
  } catch (error) {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw badSetting(setting, `could not be loaded: ${what}`, error);
  }
}

/** What to throw for a setting whose value turns out to be bad only when it is used. */
export function badSetting(setting: string, message: string, cause?: unknown): ShuntError<'INVALID_CONFIG'> {
  const details = [{ field: setting, message }];
  return new ShuntError('INVALID_CONFIG', `Invalid settings:\n  ${setting} ${message}`, { details, cause });
}
