import { Agent, request } from 'node:http';

/** A closed loop of requests. */
export interface HttpLoad {
  readonly url: string;
  /** Requests in flight, each on a connection of its own that is kept. */
  readonly inFlight: number;
  readonly seconds: number;
  /** The body of the n-th request. */
  readonly bodyOf: (n: number) => string;
}

/**
 * Sends requests for a while. Resolves to how many were answered, in how many seconds.
 *
 * @throws an error with the answer when one is not a success
 */
export async function send({
  url,
  inFlight,
  seconds,
  bodyOf,
}: HttpLoad): Promise<{ answered: number; seconds: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const startedMs = performance.now();
  const untilMs = startedMs + 1000 * seconds;
  let answered = 0;
  let sent = 0;
  const loop = async () => {
    while (performance.now() < untilMs) {
      await post(url, agent, bodyOf(sent++));
      answered++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  agent.destroy();
  return { answered, seconds: (performance.now() - startedMs) / 1000 };
}

function post(url: string, agent: Agent, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = request(url, { method: 'POST', agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      answer.on('end', () => {
        if ((answer.statusCode ?? 500) < 300) return resolve();
        reject(new Error(`${answer.statusCode}: ${Buffer.concat(chunks).toString().slice(0, 500)}`));
      });
    });
    call.on('error', reject).end(body);
  });
}
