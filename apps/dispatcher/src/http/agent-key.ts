import { agentOfRequest, type KeyChain } from '@shunt/balancing';
import { canonicalAddress, inNetworks } from '@shunt/input';
import { invalidInput } from '@shunt/sdk';
import type { FastifyRequest } from 'fastify';

/** Where the agent of a task is looked for whose request names none. */
export interface AgentKeyOptions {
  /** Name of a header. Defaults to none. */
  readonly header?: string | undefined;
  /** Name of a cookie. Defaults to none. */
  readonly cookie?: string | undefined;
  /** Whether the client's address is an agent where nothing else names one. Defaults to false. */
  readonly byAddress?: boolean | undefined;
  /** Networks of proxies whose `X-Forwarded-For` is believed. Defaults to none. */
  readonly trustedProxies?: readonly string[] | undefined;
}

/** Tells the agent of a task by what its request names itself, and by the request; undefined for none. */
export type AgentKey = (request: FastifyRequest, agentId: string | undefined) => string | undefined;

/** Makes it. What it makes throws ShuntError INVALID_INPUT, naming the header or cookie, for what is no agent. */
export function agentKeyBy({ header, cookie, byAddress, trustedProxies = [] }: AgentKeyOptions): AgentKey {
  const chain: KeyChain = {
    header: header?.toLowerCase() ?? null,
    cookie: cookie ?? null,
    addresses: byAddress ? { canonical: canonicalAddress, isTrusted: inNetworks(trustedProxies) } : null,
  };
  return ({ raw, socket }, agentId) => {
    if (agentId !== undefined) return agentId;
    const found = agentOfRequest({ headers: raw.headersDistinct, peer: socket.remoteAddress }, chain);
    if (found.kind === 'refused') throw invalidInput([{ field: found.field, message: found.message }]);
    return found.kind === 'agent' ? found.agentId : undefined;
  };
}
