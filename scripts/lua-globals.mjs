// Redis refuses a script that makes a global, or reads one that is not there, only once that line runs: find them before.
import luaparse from 'luaparse';

/** What Redis gives to a script, as far as one needs it. */
const known = new Set(
  (
    'redis KEYS ARGV cjson cmsgpack bit struct string table math ' +
    'assert error ipairs next pairs pcall select tonumber tostring type unpack'
  ).split(' '),
);

/**
 * Tells each unknown global that a script reads and each global that it sets, with the line; empty when all is well.
 *
 * @throws SyntaxError of luaparse for text that is no Lua
 */
export function globalProblems(lua) {
  const problems = [];
  const tell = (identifier, what) => problems.push(`line ${identifier.loc.start.line} ${what} ${identifier.name}`);
  const visit = (node) => {
    if (node.type === 'AssignmentStatement') for (const target of node.variables) tellIfSet(target);
    if (node.type === 'FunctionDeclaration' && !node.isLocal && node.identifier) tellIfSet(node.identifier);
    for (const child of Object.values(node).flat()) if (child?.type) visit(child);
  };
  const tellIfSet = (target) => {
    if (target.type === 'Identifier' && !target.isLocal) tell(target, 'sets the global');
  };
  const chunk = luaparse.parse(lua, { luaVersion: '5.1', scope: true, locations: true });
  for (const name of chunk.globals) if (!known.has(name.name)) tell(name, 'uses the unknown global');
  visit(chunk);
  return problems;
}
