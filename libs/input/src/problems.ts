import type { z } from 'zod';
import type { FieldProblem } from './field-problem.js';
import { nearestName } from './nearest-name.js';
import { formatName, formatPath, type PathSegment } from './path.js';
import { isPlain } from './plain.js';
import { orRequired } from './required.js';

/** An object's schema: strict, without transforms, its messages the rest of a sentence that begins with the field. */
export type ObjectSchema = z.ZodObject<z.ZodRawShape>;

type Issue = { code: string; path: PropertyKey[]; message: string; keys?: string[] };

/**
 * Lists what is wrong with an options object; empty when nothing is. Never holds a value.
 *
 * An unknown name is told with the nearest known one, with where it belongs within an object here, or with what `advice` says of it.
 * @param root how to name the object itself
 */
export function problemsOf(
  schema: ObjectSchema,
  value: unknown,
  root: string,
  advice: Readonly<Record<string, string>> = {},
): readonly FieldProblem[] {
  if (!isPlainObject(value)) return [{ field: root, message: 'must be a plain object' }];
  let issues: readonly Issue[];
  try {
    const found = (schema.safeParse(value).error?.issues ?? []) as readonly Issue[];
    issues = found.map((issue) => ({ ...issue, message: messageOf(issue, value) }));
  } catch {
    // A getter or proxy of the caller threw; its error may quote anything.
    return [{ field: root, message: 'could not be read: a getter or proxy threw' }];
  }
  return issues.flatMap(({ code, path, message, keys = [] }) => {
    const segments = path as PathSegment[];
    if (code !== 'unrecognized_keys') return [{ field: fieldOf(segments, root), message }];
    const known = namesAt(schema, segments);
    const own = segments.length > 0 ? {} : advice;
    const adviceOf = (name: string) =>
      unknownProblem(name, known, { ...withinAdvice(name, known, schema, segments), ...own });
    return keys.map((name) => ({ field: fieldOf([...segments, name], root), message: adviceOf(name) }));
  });
}

/** A message of zod's own types says nothing of a field that is not there; those of `checked` do. */
function messageOf({ code, path, message }: Issue, root: unknown): string {
  if (path.length === 0 || !code.startsWith('invalid_')) return message;
  let at = root;
  for (const segment of path) at = (at as Readonly<Record<PropertyKey, unknown>>)[segment];
  return orRequired(at, message);
}

const unknownName = 'is not a known option';

function isPlainObject(value: unknown): boolean {
  try {
    return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value);
  } catch {
    return false;
  }
}

/** The names that an object within the schema knows; none where it cannot be told. */
function namesAt(schema: ObjectSchema, path: readonly PathSegment[]): readonly string[] {
  let at: unknown = schema;
  for (const segment of path) at = unwrapped(at)?.shape?.[segment];
  return Object.keys(unwrapped(at)?.shape ?? {});
}

type Wrapped = { unwrap?: () => unknown; shape?: Readonly<Record<PathSegment, unknown>> };

function unwrapped(schema: unknown): Wrapped | undefined {
  let inner = schema as Wrapped | undefined;
  while (inner?.unwrap) inner = inner.unwrap() as Wrapped;
  return inner;
}

function fieldOf([first, ...rest]: readonly PathSegment[], root: string): string {
  return first === undefined ? root : formatPath(formatName(String(first)), rest);
}

/** What to say of a name that stands one object too far out. */
function withinAdvice(name: string, known: readonly string[], schema: ObjectSchema, path: readonly PathSegment[]) {
  const outer = known.find((one) => namesAt(schema, [...path, one]).includes(name));
  return outer === undefined ? {} : { [name]: `${unknownName}: did you mean ${outer}.${name}?` };
}

function unknownProblem(name: string, known: readonly string[], advice: Readonly<Record<string, string>>): string {
  const owned = Object.hasOwn(advice, name) ? advice[name] : undefined;
  if (owned) return owned;
  const near = nearestName(name, known);
  return near ? `${unknownName}: did you mean ${near}?` : unknownName;
}
