/** How a task ended for good. */
export type Ending =
  | { readonly outcome: 'completed'; readonly value: unknown }
  | { readonly outcome: 'failed'; readonly reason: string };

/** What an entry of the event stream says of a task's end; null for another one. */
export function endingOf(flat: readonly string[]): { task: string; ending: Ending } | null {
  const fields: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) fields[String(flat[i])] = String(flat[i + 1]);
  const { event, jobId = '', returnvalue, failedReason = '' } = fields;
  if (event === 'completed') return { task: jobId, ending: { outcome: event, value: parsed(returnvalue) } };
  if (event === 'failed') return { task: jobId, ending: { outcome: event, reason: failedReason } };
  return null;
}

/** A stored result; one that is no JSON was written by another client and is given as it is. */
export function parsed(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
