import type { Caller } from './access.js';

/** Who asks for a change and why, for the journal; the reason is of a body that may be left out. */
export function ordererOf({
  caller,
  body,
}: {
  readonly caller: Caller;
  readonly body: { reason?: string | undefined } | undefined;
}) {
  return { by: caller.actor, reason: body?.reason };
}
