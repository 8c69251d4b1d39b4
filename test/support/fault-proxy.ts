import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A connection through the proxy: the caller's side and Redis's. */
interface Link {
  readonly caller: Socket;
  readonly redis: Socket;
  /** The next reply is swallowed and the connection cut. */
  isLosing: boolean;
}

/**
 * A TCP proxy in front of a Redis that loses replies, when what was asked is carried out, the answer never comes, and the
 * connection breaks, or passes nothing on at all. Loopback only.
 */
export class FaultProxy {
  /** How many replies were swallowed so far. */
  lost = 0;
  private readonly links = new Set<Link>();
  private readonly server: Server;

  private constructor(private readonly target: URL) {
    this.server = createServer((caller) => this.link(caller));
  }

  /** Opens a proxy on a free port. */
  static async open(redisUrl: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(new URL(redisUrl));
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  /** Where the proxied Redis is. */
  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Has every open connection lose the reply to what it is asking now, or asks next. */
  loseReplies(): void {
    for (const link of this.links) link.isLosing = true;
  }

  /** Passes nothing more on in either direction on the open connections, as a router that forgot them; new ones work. */
  block(): void {
    for (const { caller, redis } of this.links) for (const side of [caller, redis]) side.pause();
  }

  /** Passes everything on again, also what was sent meanwhile. */
  unblock(): void {
    for (const { caller, redis } of this.links) for (const side of [caller, redis]) side.resume();
  }

  /** Cuts every connection and ends the proxy. */
  async close(): Promise<void> {
    for (const link of this.links) this.cut(link);
    this.server.close();
    await once(this.server, 'close');
  }

  private link(caller: Socket): void {
    const redis = connect(Number(this.target.port), this.target.hostname);
    const link: Link = { caller, redis, isLosing: false };
    this.links.add(link);
    caller.setNoDelay(true);
    redis.setNoDelay(true);
    caller.on('data', (request) => redis.write(request));
    redis.on('data', (reply) => {
      if (!link.isLosing) return caller.write(reply);
      this.lost++;
      this.cut(link);
    });
    for (const socket of [caller, redis]) socket.on('error', () => undefined).on('close', () => this.cut(link));
  }

  private cut(link: Link): void {
    this.links.delete(link);
    link.caller.destroy();
    link.redis.destroy();
  }
}
