import { readFileSync } from 'node:fs';
import { invalidInput } from '@shunt/sdk';

/**
 * Reads JSON from an option: the text itself, `@file`, or `-` for stdin.
 *
 * @throws ShuntError INVALID_INPUT naming the option
 */
export function jsonOf(option: string, text: string): unknown {
  const source = sourceOf(option, text);
  try {
    return JSON.parse(source);
  } catch {
    throw invalidInput([{ field: option, message: 'must be JSON, @file with JSON, or - for JSON on stdin' }]);
  }
}

function sourceOf(option: string, text: string): string {
  if (text === '-') return readFileSync(0, 'utf8');
  if (!text.startsWith('@')) return text;
  try {
    return readFileSync(text.slice(1), 'utf8');
  } catch {
    throw invalidInput([{ field: option, message: 'names a file that cannot be read' }]);
  }
}
