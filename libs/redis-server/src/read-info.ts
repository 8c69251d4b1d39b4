import { Redis } from 'ioredis';

/**
 * Asks a Redis for INFO over a connection of its own, once and without retries.
 *
 * @param timeoutMs for the connection and for the reply each. Defaults to 2000.
 * @throws the connection's own error (for example ECONNREFUSED), or the reply's
 */
export async function readInfo(url: string, timeoutMs = 2000): Promise<string> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
  });
  // ioredis rejects with a bare "Connection is closed."; the reason only comes as an event.
  let reason: Error | undefined;
  client.on('error', (error: Error) => {
    reason = error;
  });
  try {
    await client.connect();
    return await client.info();
  } catch (error) {
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}
