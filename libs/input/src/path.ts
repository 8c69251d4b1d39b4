/** One step into a value: a property's name or an array's index. */
export type PathSegment = string | number;

const identifier = /^[A-Za-z_$][A-Za-z0-9_$]{0,63}$/;
/** Longest quoted name in a message: enough to find it, too little to leak a document used as a key. */
const nameChars = 40;
/** Most segments a message spells out; a deeper path shows its two ends. */
const shownSegments = 16;

/**
 * Writes the path of a field as code would: `input.steps[3].when`, `input["two words"]`.
 *
 * Names are cut at 40 characters, control characters and lone surrogates escaped; of a path deeper than 16 segments the
 * first and last 8 are shown.
 */
export function formatPath(root: string, segments: readonly PathSegment[]): string {
  if (segments.length <= shownSegments) return root + segments.map(formatSegment).join('');
  const half = shownSegments / 2;
  return `${formatPath(root, segments.slice(0, half))}...${formatPath('', segments.slice(-half))}`;
}

/** Writes a name that a caller chose so that it is safe in a message: an identifier as it is, others quoted and cut. */
export function formatName(name: string): string {
  return identifier.test(name) ? name : quote(name);
}

function formatSegment(segment: PathSegment): string {
  if (typeof segment === 'number') return `[${segment}]`;
  return identifier.test(segment) ? `.${segment}` : `[${quote(segment)}]`;
}

function quote(name: string): string {
  return JSON.stringify(name.length > nameChars ? `${name.slice(0, nameChars)}...` : name);
}
