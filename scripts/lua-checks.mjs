// What Redis would tell only once a line runs, or never.
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

const namesOf = (chunk) =>
  chunk.body.flatMap((node) => {
    if (node.type === 'LocalStatement') return node.variables.map((variable) => variable.name);
    return node.type === 'FunctionDeclaration' && node.isLocal ? [node.identifier.name] : [];
  });

/** The local names of a text's top level. */
export const topLevelNames = (lua) => namesOf(luaparse.parse(lua, { luaVersion: '5.1' }));

/** Lua's own limit is 200 in one function. */
const mostLocals = 190;

/**
 * Tells what keeps a library's top level from being the same for every call: a name that is there twice, one that is assigned
 * to later, and too many names; empty when all is well. All calls share it.
 *
 * @param state the one name that may be assigned to: each call begins by doing so
 */
export function topLevelProblems(lua, state) {
  const chunk = luaparse.parse(lua, { luaVersion: '5.1', locations: true });
  const names = namesOf(chunk);
  const problems = names
    .filter((name, i) => names.indexOf(name) !== i)
    .map((name) => `includes: ${name} is there twice`);
  if (names.length > mostLocals) problems.push(`includes: ${names.length} names, at most ${mostLocals} can be`);
  const visit = (node) => {
    if (node.type === 'AssignmentStatement') node.variables.forEach(tellIfKept);
    for (const child of Object.values(node).flat()) if (child?.type) visit(child);
  };
  const tellIfKept = (target) => {
    const base = target.type === 'Identifier' ? target : target.base;
    if (base?.type !== 'Identifier' || base.name === state || !names.includes(base.name)) return;
    problems.push(`includes: line ${target.loc.start.line} keeps ${base.name} for the calls that follow`);
  };
  visit(chunk);
  return problems;
}
