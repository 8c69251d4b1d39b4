import { type FieldProblem, invalidInput } from '@shunt/sdk';
import { findRepeatedName } from './repeated-name.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a body of JSON; undefined for none. @throws ShuntError INVALID_INPUT, which holds nothing of it */
export function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = decoded(bytes);
  if (text.startsWith('\uFEFF')) throw bad('must not begin with a byte order mark');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad('must be JSON');
  }
  const repeated = findRepeatedName(text);
  if (repeated !== null) throw invalidInput([{ field: repeated, message: 'is there twice in one object' }]);
  return value;
}

function decoded(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw bad('must be UTF-8');
  }
}

function bad(message: FieldProblem['message']) {
  return invalidInput([{ field: 'body', message }]);
}
