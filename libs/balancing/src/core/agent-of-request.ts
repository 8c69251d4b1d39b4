/** Where the agent of a request is looked for, first to last: what it names itself, a header, a cookie, the client's address. */
export interface KeyChain {
  /** Name of the header, in lower case; null for none. */
  readonly header: string | null;
  /** Name of the cookie; null for none. */
  readonly cookie: string | null;
  /** How addresses are read and which proxies are believed; null when the address is no key. */
  readonly addresses: Addresses | null;
}

/** What is known of addresses. */
export interface Addresses {
  /** The one spelling of an address, null for what is none. A port beside it is left out. */
  canonical(text: string): string | null;
  /** Whether an address, in that spelling, is a proxy whose `x-forwarded-for` is believed. */
  isTrusted(address: string): boolean;
}

/** What of a request the chain looks at. */
export interface KeyRequest {
  /** The agent that the request itself names, if any. */
  readonly agentId?: string | undefined;
  /** By name in lower case; several lines of one name are a list, or joined by commas. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Address of the other end of the connection. */
  readonly peer?: string | undefined;
}

/** The agent of a request and what it was told by, that there is none, or why what was told is no agent. */
export type AgentOfRequest =
  | { readonly kind: 'agent'; readonly agentId: string; readonly by: 'agentId' | 'header' | 'cookie' | 'address' }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly field: string; readonly message: string };

/** Longest id of an agent, in characters; when it is percent-encoded 256 bytes are the limit, which is for who makes keys of it. */
const maxChars = 256;
/** Most proxies that are looked through. */
const maxProxies = 32;
const control = /\p{Control}/u;

/**
 * Derives the agent of a request. The first link that says anything decides: one that says what is no agent is refused and not
 * passed over, as the agent would have another state with the next link. An empty header or cookie says nothing. An address
 * becomes `ip:<address>`.
 */
export function agentOfRequest(request: KeyRequest, chain: KeyChain): AgentOfRequest {
  const { agentId, headers } = request;
  if (agentId !== undefined) return checked(agentId, 'agentId', 'agentId');
  const told = chain.header === null ? [] : linesOf(headers[chain.header]);
  if (told.length > 1) return { kind: 'refused', field: `header ${chain.header}`, message: 'must be there once' };
  if (told[0] !== undefined) return checked(told[0], 'header', `header ${chain.header}`);
  const cookie = chain.cookie === null ? null : cookieOf(linesOf(headers.cookie), chain.cookie);
  if (cookie !== null) return checked(cookie, 'cookie', `cookie ${chain.cookie}`);
  const address = chain.addresses === null ? null : clientAddress(request, chain.addresses);
  return address === null ? { kind: 'none' } : { kind: 'agent', agentId: `ip:${address}`, by: 'address' };
}

type Source = Extract<AgentOfRequest, { kind: 'agent' }>['by'];

function checked(agentId: string, by: Source, field: string): AgentOfRequest {
  if (agentId === '' || agentId.length > maxChars)
    return { kind: 'refused', field, message: `must be 1 to ${maxChars} characters` };
  if (control.test(agentId)) return { kind: 'refused', field, message: 'must not contain control characters' };
  return { kind: 'agent', agentId, by };
}

function linesOf(value: string | readonly string[] | undefined): string[] {
  const lines = typeof value === 'string' ? [value] : (value ?? []);
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

/** The first cookie of a name, as RFC 6265 has the most specific one first; null for none, or an empty one. */
function cookieOf(lines: readonly string[], name: string): string | null {
  for (const pair of lines.flatMap((line) => line.split(';'))) {
    const at = pair.indexOf('=');
    if (at < 0 || pair.slice(0, at).trim() !== name) continue;
    const value = decoded(unquoted(pair.slice(at + 1).trim()));
    return value === '' ? null : value;
  }
  return null;
}

function unquoted(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/** What is percent-encoded badly stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The nearest address that no trusted proxy speaks for: `x-forwarded-for` is read from its end, as anybody may write its
 * beginning, and only as far as each next one was told by a trusted proxy. What is no address ends the way.
 */
function clientAddress({ headers, peer }: KeyRequest, addresses: Addresses): string | null {
  let client = peer === undefined ? null : addresses.canonical(peer);
  const told = linesOf(headers['x-forwarded-for']).flatMap((line) => line.split(','));
  for (const text of told.slice(-maxProxies).reverse()) {
    if (client === null || !addresses.isTrusted(client)) return client;
    const before = addresses.canonical(text.trim());
    if (before === null) return client;
    client = before;
  }
  return client;
}
