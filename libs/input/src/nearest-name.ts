/** Longest name that is compared: a longer one is no slip of the keyboard, and comparing costs its length. */
const maxComparedChars = 40;

/**
 * Finds the known name that an unknown one was probably meant to be, or null when none is near.
 *
 * Near: at most a third of its letters (and at least one, at most three) inserted, dropped, changed or swapped with a
 * neighbour. The first of equals wins. Letter case is ignored.
 */
export function nearestName(unknown: string, known: readonly string[]): string | null {
  if (unknown.length > maxComparedChars) return null;
  let nearest: string | null = null;
  let smallest = Math.min(3, Math.max(1, Math.floor(unknown.length / 3))) + 1;
  for (const name of known) {
    const distance = editDistance(unknown.toLowerCase(), name.toLowerCase());
    if (distance < smallest) {
      nearest = name;
      smallest = distance;
    }
  }
  return nearest;
}

/** Counts the edits between two names, a swap of neighbours as one (optimal string alignment: Damerau 1964). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, at(beforeLast, j - 2) + 1);
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
