import { networkProblem } from '@shunt/input';
import { z } from 'zod';

/** A host that the handler `http` may call. */
export interface Target {
  /** In lower case. One that begins with `*.` is every name below. */
  readonly host: string;
  /** Undefined for the scheme's own. */
  readonly port: number | undefined;
}

/** A program with its arguments. */
export type CommandWords = readonly [string, ...string[]];

const targetForm = /^(\*\.)?([a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?|\[[0-9a-f:.]{2,45}\])(?::(\d{1,5}))?$/;

/** Makes a setting of a function that gives null for a text it cannot read. */
const read = <T>(reader: (text: string) => T | null, message: string) =>
  z.string().transform((text, ctx): T => {
    const value = reader(text);
    if (value !== null) return value;
    ctx.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** Hosts, such as `agents.example.com,*.agents.internal:8080,[::1]:9000`. */
export const targets = read((text): readonly Target[] | null => {
  const all = text.split(',').map((part): Target | null => {
    const [, wild = '', name = '', digits] = targetForm.exec(part.trim().toLowerCase()) ?? [];
    const port = digits === undefined ? undefined : Number(digits);
    return name === '' || port === 0 || (port ?? 1) > 65_535 ? null : { host: wild + name, port };
  });
  return all.includes(null) ? null : (all as Target[]);
}, 'must be hosts such as agents.example.com,*.agents.internal:8080');

/** Networks, such as `10.0.0.0/8,::1`. */
export const networks = read((text): readonly string[] | null => {
  const all = text.split(',').map((part) => part.trim());
  return all.every((network) => networkProblem(network) === null) ? all : null;
}, 'must be networks such as 10.0.0.0/8,fd00::/8');

/** A command: a JSON array of texts, or words parted by spaces. */
export const command = read((text): CommandWords | null => {
  const words = text.trim().startsWith('[') ? parsed(text) : text.trim().split(/\s+/);
  const isRight = Array.isArray(words) && words.every((word) => typeof word === 'string') && Boolean(words[0]);
  return isRight ? (words as unknown as CommandWords) : null;
}, 'must be a program and its arguments, as words or as a JSON array of texts');

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
