// The cores of libs/balancing and libs/health are pure: time, chance and the process are arguments. This finds what is not.
// What they may import is .dependency-cruiser.cjs's to say.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const cores = ['libs/balancing/src', 'libs/health/src'];
/** Names that reach the clock, chance, the process, the network, or a later turn of the event loop. */
const impure = new Set(
  (
    'Buffer Date Intl WebSocket console crypto fetch global globalThis navigator performance process queueMicrotask require ' +
    'setImmediate setInterval setTimeout'
  ).split(' '),
);
/** Whether an identifier only names a member or a declaration, as in `a.process`, and reads nothing. */
const isOwnName = (node) => node.parent.name === node && !ts.isShorthandPropertyAssignment(node.parent);

/** What an expression reads that no argument gave it, or null. */
function impureName(node, source) {
  const { parent } = node;
  if (ts.isMetaProperty(node)) return node.getText(source);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return 'import()';
  if (!ts.isIdentifier(node) || isOwnName(node)) return null;
  if (impure.has(node.text)) return node.text;
  if (node.text !== 'Math') return null;
  if (!ts.isPropertyAccessExpression(parent)) return 'Math as a value';
  return parent.name.text === 'random' ? 'Math.random' : null;
}

/** A variable of the module that can change outlives the call, so that the same arguments may give another answer. */
function isModuleState(node) {
  return (
    ts.isVariableStatement(node) && ts.isSourceFile(node.parent) && !(node.declarationList.flags & ts.NodeFlags.Const)
  );
}

function impureUses(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    const name = isModuleState(node) ? 'a variable of the module' : impureName(node, source);
    if (name) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push(`${file.slice(root.length)}:${line + 1} uses ${name}`);
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
