import { poolConfigSchema } from './hot-keys.js';

/** What one hot key is: its name as `breaker.window`, its unit and default as text, and what it is for. */
export interface HotKey {
  readonly key: string;
  readonly unit: string;
  readonly fallback: string;
  readonly about: string;
}

/** Every hot key, in the order of the schema. */
export const hotKeys: readonly HotKey[] = Object.entries(poolConfigSchema.shape).flatMap(([name, type]) => {
  const inner = type.unwrap();
  if (!('shape' in inner)) return [hotKey(name, type)];
  return Object.entries(inner.shape).map(([part, field]) => hotKey(`${name}.${part}`, field));
});

const groups: ReadonlySet<string> = new Set(
  hotKeys.flatMap(({ key }) => (key.includes('.') ? [key.slice(0, key.indexOf('.'))] : [])),
);

/** Writes a configuration as one value per key: `{ breaker: { open: 1 } }` as `breaker.open`. What is undefined is left out. */
export function flatConfig(config: object): Record<string, unknown> {
  const flat: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(config)) {
    const isGroup = groups.has(name) && typeof value === 'object' && value !== null && !Array.isArray(value);
    const parts = isGroup ? Object.entries(value).map(([part, inner]) => [`${name}.${part}`, inner]) : [[name, value]];
    for (const [key, inner] of parts) if (inner !== undefined) flat[key] = inner;
  }
  return flat;
}

/** Undoes {@link flatConfig}. */
export function nestedConfig(flat: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const nested: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(flat)) {
    const [name = '', ...rest] = key.split('.');
    if (rest.length === 0) nested[name] = value;
    else nested[name] = { ...(nested[name] as object | undefined), [rest.join('.')]: value };
  }
  return nested;
}

/** A configuration with changes made to it, not yet checked: null takes a key, or all keys of a group, away. */
export function changedConfig(before: object, changes: unknown): unknown {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) return changes;
  const after = flatConfig(before);
  for (const [key, value] of Object.entries(flatConfig(changes))) {
    const taken = hotKeys.filter((hot) => hot.key === key || (groups.has(key) && hot.key.startsWith(`${key}.`)));
    if (value !== null || taken.length === 0) after[key] = value;
    else for (const hot of taken) delete after[hot.key];
  }
  return nestedConfig(after);
}

function hotKey(key: string, type: { meta(): Readonly<Record<string, unknown>> | undefined }): HotKey {
  return { key, ...(type.meta() as Omit<HotKey, 'key'>) };
}
