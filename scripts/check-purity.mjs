// The cores of libs/balancing and libs/health are pure: time, chance and the process are arguments. This finds what is not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const cores = ['libs/balancing/src', 'libs/health/src'];
const globals = new Set([
  'process',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'crypto',
  'Date',
]);

function impureUses(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    const text = node.getText(source);
    const isMember = ts.isPropertyAccessExpression(node.parent ?? node) && node.parent.name === node;
    const isGlobal = ts.isIdentifier(node) && globals.has(text) && !isMember;
    const isChance = ts.isPropertyAccessExpression(node) && text === 'Math.random';
    if (isGlobal || isChance) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push(`${file.slice(root.length)}:${line + 1} uses ${text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const files = cores
  .flatMap((core) => readdirSync(join(root, core), { recursive: true }).map((name) => join(root, core, String(name))))
  .filter((file) => file.endsWith('.ts') && !/\.(spec|bench)\.ts$/.test(file));
const found = files.flatMap(impureUses);
for (const line of found) console.error(line);
console.log(`${files.length} core files, ${found.length} impure uses`);
process.exit(files.length > 0 && found.length === 0 ? 0 : 1);
