import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Pipe, type PipeFault, type PipeFigures } from './network/pipe.js';

/** A connection through the proxy: the caller's side and Redis's. */
interface Link {
  readonly caller: Socket;
  readonly redis: Socket;
  readonly requests: Pipe;
  readonly replies: Pipe;
  /** The next reply is swallowed and the connection cut. */
  isLosing: boolean;
}

/** What a network does to each direction. */
export interface NetworkFault {
  readonly requests?: PipeFault;
  readonly replies?: PipeFault;
}

const held: PipeFault = { isHeld: true };

/**
 * A TCP proxy in front of a Redis, as a faulty network: it loses replies, when what was asked is carried out, the answer
 * never comes, and the connection breaks; it holds, delays or slices what it passes, in one direction or both; it resets
 * connections. Loopback only.
 */
export class FaultProxy {
  /** How many replies were swallowed so far. */
  lost = 0;
  /** How many connections were reset so far. */
  resets = 0;
  /** What was done to bytes so far. */
  readonly figures: PipeFigures = { heldBytes: 0, lateChunks: 0, slicedBytes: 0 };
  private readonly links = new Set<Link>();
  private readonly server: Server;
  private fault: NetworkFault = {};

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
    for (const { requests, replies } of this.links) for (const pipe of [requests, replies]) pipe.become(held);
  }

  /** Passes everything on again, also what was sent meanwhile. */
  unblock(): void {
    this.become({});
  }

  /** Puts the whole network, connections to come included, under a fault; `{}` ends it. */
  become(fault: NetworkFault): void {
    this.fault = fault;
    for (const { requests, replies } of this.links) {
      requests.become(fault.requests ?? {});
      replies.become(fault.replies ?? {});
    }
  }

  /** Cuts every open connection by a TCP reset, in the middle of whatever it passes. */
  reset(): void {
    for (const link of this.links) {
      this.resets++;
      link.caller.resetAndDestroy();
      this.cut(link);
    }
  }

  /** Cuts every connection and ends the proxy. */
  async close(): Promise<void> {
    for (const link of this.links) this.cut(link);
    this.server.close();
    await once(this.server, 'close');
  }

  private link(caller: Socket): void {
    const redis = connect(Number(this.target.port), this.target.hostname);
    const requests = new Pipe(redis, this.fault.requests ?? {}, this.figures);
    const replies = new Pipe(caller, this.fault.replies ?? {}, this.figures);
    const link: Link = { caller, redis, requests, replies, isLosing: false };
    this.links.add(link);
    caller.setNoDelay(true);
    redis.setNoDelay(true);
    caller.on('data', (request) => requests.write(request));
    redis.on('data', (reply) => {
      if (!link.isLosing) return replies.write(reply);
      this.lost++;
      this.cut(link);
    });
    for (const socket of [caller, redis]) socket.on('error', () => undefined).on('close', () => this.cut(link));
  }

  private cut(link: Link): void {
    this.links.delete(link);
    link.requests.close();
    link.replies.close();
    link.caller.destroy();
    link.redis.destroy();
  }
}
