/** The effect store: a process outside of the pool that answers each effect, one JSON line, with its verdict. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { openHistory } from '../history/writer.js';
import { type Effect, Ledger } from './ledger.js';

const history = openHistory(process.argv[2] ?? '');
const ledger = new Ledger();

function serve(socket: Socket): void {
  socket.on('error', () => undefined);
  const lines = createInterface(socket);
  lines.on('error', () => undefined);
  lines.on('line', (line) => {
    const effect = JSON.parse(line) as Effect;
    const verdict = ledger.write(effect);
    history.write({ e: 'effect', ...effect, verdict });
    socket.write(`${verdict}\n`);
  });
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('SIGTERM', () => {
  history.close();
  process.exit(0);
});
process.on('disconnect', () => process.exit(1));
