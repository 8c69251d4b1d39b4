import type { RedisOptions } from 'ioredis';

const defaultSentinelPort = 26_379;
const form = /^(rediss?)\+sentinel:\/\/(?:([^@/]*)@)?([^@/?#]+)\/([^/?#]+)(?:\/(\d{1,4}))?(?:\?([^#]*))?$/;
const host = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;
const queryNames = ['sentinelUsername', 'sentinelPassword'];

/** How a Redis behind Sentinels is told, for the messages of what is told otherwise. */
export const sentinelUrlForm = 'redis+sentinel://host:26379,host:26379/master-name';

/** Whether a text is meant as the URL of a Redis behind Sentinels. */
export function isSentinelUrl(url: string): boolean {
  return /^rediss?\+sentinel:/.test(url);
}

/**
 * The ioredis options of `redis+sentinel://[user:password@]host[:26379][,host...]/master-name[/db]`; null for another text.
 *
 * User and password are the Redis's; the Sentinels' own go into the query, `?sentinelUsername=u&sentinelPassword=p`, all of them
 * percent-encoded. `rediss+sentinel:` speaks TLS to both. It is the form of redis-py's and others' Sentinel URLs.
 */
export function sentinelOptions(url: string): Omit<RedisOptions, 'replyMapping'> | null {
  const [, scheme, login = '', hosts = '', name = '', db, query = ''] = form.exec(url) ?? [];
  const sentinels = hosts.split(',').map(addressOf);
  const asked = new URLSearchParams(query);
  if (scheme === undefined || sentinels.includes(null)) return null;
  if ([...asked.keys()].some((key) => !queryNames.includes(key))) return null;
  const own = credentials(login);
  const decodedName = decoded(name);
  if (own === null || decodedName === null) return null;
  return {
    ...own,
    name: decodedName,
    sentinels: sentinels as { host: string; port: number }[],
    ...(db === undefined ? {} : { db: Number(db) }),
    ...Object.fromEntries(asked),
    ...(scheme === 'rediss' ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
  };
}

function addressOf(text: string): { host: string; port: number } | null {
  const [, name, port] = host.exec(text) ?? [];
  if (name === undefined || Number(port ?? 1) > 65_535 || Number(port ?? 1) === 0) return null;
  return { host: name.replace(/^\[|\]$/g, ''), port: Number(port ?? defaultSentinelPort) };
}

function credentials(login: string): { username?: string; password?: string } | null {
  if (login === '') return {};
  const colon = login.indexOf(':');
  const username = decoded(colon < 0 ? login : login.slice(0, colon));
  const password = decoded(colon < 0 ? '' : login.slice(colon + 1));
  if (username === null || password === null) return null;
  return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
