import { z } from 'zod';

/** What a key may do; each role may do all that those before it may. */
export const roles = ['viewer', 'submitter', 'operator', 'admin'] as const;

/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** An API key as it is configured: its SHA-256 alone, so that whoever reads the settings cannot use it. */
export interface ApiKey {
  /** Who it belongs to, as the audit tells it. */
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the key in lower-case hex. */
  readonly sha256: string;
}

const form = `must be <name>:<role>:<sha256 of the key in hex>, parted by commas, with a role of ${roles.join(', ')}`;
const entry = new RegExp(`^([A-Za-z0-9_.-]{1,64}):(${roles.join('|')}):([0-9a-f]{64})$`);

/** Reads API keys such as `ci:submitter:9f86d0...,ops:operator:60303a...`. No message holds a part of the text. */
export const apiKeys = z.string().transform((text, ctx): readonly ApiKey[] => {
  const keys = text.split(',').map((part) => {
    const [, name = '', role = 'viewer', sha256 = ''] = entry.exec(part.trim()) ?? [];
    return { name, role: role as Role, sha256 };
  });
  const message = problemOf(keys);
  if (message === null) return keys;
  ctx.addIssue({ code: 'custom', message });
  return z.NEVER;
});

function problemOf(keys: readonly ApiKey[]): string | null {
  if (keys.some(({ name }) => name === '')) return form;
  const isTwice = (values: readonly string[]) => new Set(values).size < values.length;
  if (isTwice(keys.map(({ name }) => name))) return 'must not name two keys the same';
  return isTwice(keys.map(({ sha256 }) => sha256)) ? 'must not hold the same key twice' : null;
}
