import type { Socket } from 'node:net';
import { SentinelConnector } from 'ioredis';

/**
 * How long the master that a Sentinel names may take for its first byte. One that hangs still accepts connections, so that without this
 * each of them is waited for as one that owes an answer is: with a Sentinel that heard late of the promotion, work stood for 6 s after it.
 */
const firstByteMs = 1000;

/** Leaves a master that accepts a connection and says nothing: by then the Sentinels may name another. */
export class ImpatientSentinelConnector extends SentinelConnector {
  constructor(options: unknown) {
    super(options as ConstructorParameters<typeof SentinelConnector>[0]);
  }

  override async connect(
    ...[onError]: Parameters<SentinelConnector['connect']>
  ): ReturnType<SentinelConnector['connect']> {
    const stream = await super.connect((type, error) => {
      if (!isEndOfRound(error)) onError(type, error);
    });
    leaveIfSilent(stream);
    return stream;
  }
}

/** Told once each Sentinel was asked in turn, over connections that came to nothing: of itself that is no error of any of them. */
function isEndOfRound({ message }: Error): boolean {
  return message.startsWith('All sentinels are unreachable') && !message.includes('Last error');
}

function leaveIfSilent(stream: Socket): void {
  const leave = () => {
    const error = new Error('connect ETIMEDOUT: the master that a Sentinel named says nothing');
    if (stream.bytesRead === 0) stream.destroy(Object.assign(error, { code: 'ETIMEDOUT', syscall: 'connect' }));
  };
  // A process that was itself stalled reads first what came meanwhile.
  const timer = setTimeout(() => setImmediate(leave), firstByteMs);
  stream.once('close', () => clearTimeout(timer));
}
