import ts from 'typescript';
import { textOf } from './pages.js';

/** A fenced block of a page. */
export interface Snippet {
  /** `docs/http.md:7`. */
  readonly at: string;
  readonly language: string;
  readonly text: string;
  /** Why it is not run, as the page itself says in a comment above it; null when it is run. */
  readonly whyNot: string | null;
}

/** The fenced blocks of a page that name a language. */
export function snippetsOf(page: string): Snippet[] {
  const text = textOf(page);
  const blocks = text.matchAll(/(?:<!-- not run: ([^>]*) -->\n)?^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(({ index, 1: whyNot = null, 2: language = '', 3: code = '' }) => {
    return { at: `${page}:${text.slice(0, index).split('\n').length}`, language, text: code, whyNot };
  });
}

/** The snippets of a page that are run, of some languages. */
export function runnable(page: string, ...languages: readonly string[]): Snippet[] {
  return snippetsOf(page).filter(({ language, whyNot }) => whyNot === null && languages.includes(language));
}

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;

/**
 * Runs a snippet of TypeScript or JavaScript. What it imports, and what stands around it on its page, is in `scope`.
 *
 * @param tells names that it declares, whose values are returned
 */
export async function runCode(
  { text, at }: Pick<Snippet, 'text' | 'at'>,
  scope: Readonly<Record<string, unknown>>,
  tells: readonly string[] = [],
): Promise<Record<string, unknown>> {
  const bare = text.replaceAll(/^import [^;]*;$/gm, '').replaceAll(/^export (?:default )?(?=class|const)/gm, '');
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    experimentalDecorators: true,
  };
  const { outputText } = ts.transpileModule(bare, { compilerOptions, fileName: `${at}.ts` });
  const run = new AsyncFunction(...Object.keys(scope), `${outputText}\nreturn { ${tells.join(', ')} };`);
  return run(...Object.values(scope));
}

/** The shape of a value: its fields with their types, that of an array's first entry. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shapeOf(field)]));
}
