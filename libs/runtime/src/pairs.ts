import type { FieldProblem } from '@shunt/sdk';

/** What a setting of pairs holds: its names with their texts, or why it holds none. */
export type Pairs =
  | { readonly pairs: Readonly<Record<string, string>> }
  | { readonly problem: FieldProblem['message'] };

const form = 'must be pairs such as name=value,other=value';

/** Reads `name=value,other=value`. Each name once; blanks around names and values are dropped. */
export function readPairs(text: string): Pairs {
  const pairs = text.split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  if (pairs.some((pair) => pair.length !== 2 || pair.includes(''))) return { problem: form };
  const names = new Set(pairs.map(([name]) => name));
  if (names.size < pairs.length) return { problem: 'must name each only once' };
  return { pairs: Object.fromEntries(pairs) as Record<string, string> };
}
