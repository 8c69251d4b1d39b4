const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;
/** Longest name that a message quotes. */
const nameChars = 40;

/**
 * Finds a name that one object of a JSON text has twice, null when there is none: JSON.parse would take the last and drop the
 * others in silence. Costs one pass over the text, which must be valid JSON.
 */
export function findRepeatedName(json: string): string | null {
  /** The names seen in each open object, null for an open array. */
  const open: (Set<string> | null)[] = [];
  let name: string | null = null;
  let isName = false;
  for (const [text] of json.matchAll(token)) {
    const names = open.at(-1);
    if (text === '{') open.push(new Set());
    else if (text === '[') open.push(null);
    else if (text === '}' || text === ']') open.pop();
    else if (text !== ':' && text !== ',' && isName && names) {
      name = text.includes('\\') ? JSON.parse(text) : text.slice(1, -1);
      if (names.has(String(name))) return String(name).slice(0, nameChars);
      names.add(String(name));
    }
    isName = text === '{' || (text === ',' && open.at(-1) != null);
  }
  return null;
}
