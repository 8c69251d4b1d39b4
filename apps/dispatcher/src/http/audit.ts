import type { AuditEntry } from '@shunt/sdk';
import type { Asked, Route } from './route.js';

/** What the API needs besides its routes. */
export interface ApiOptions {
  readonly requestsPerMinute: number;
  /** Most streams of events that are open at once. */
  readonly maxStreams: number;
  /** Writes an entry of the audit. A change that cannot be told is not made. */
  readonly writeAudit: (entry: AuditEntry) => Promise<unknown>;
  /** Told of errors that nobody expected. */
  readonly onError: (error: unknown, requestId: string) => void;
}

/** Tells a change before it is made, and once more when it was not. Undefined for a request that changes nothing, as a dry run. */
export function auditOf(one: Route, asked: Asked<undefined, undefined, undefined>, { writeAudit }: ApiOptions) {
  const target = one.audit?.target(asked) ?? null;
  if (one.audit === undefined || target === null) return undefined;
  const { caller, request, body, query } = asked;
  if ((query as { dryRun?: string } | undefined)?.dryRun === 'true') return undefined;
  const { reason = '' } = (body ?? {}) as { reason?: string };
  const entry = { ...caller, action: one.audit.action, target, reason, request: request.id };
  return {
    asked: () => writeAudit({ ...entry, outcome: 'asked' }),
    failed: (code: string) => writeAudit({ ...entry, outcome: code }),
  };
}
