import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { loggerOf } from './logger.js';
import { tellReturns } from './redis-returns.js';

it('the return of Redis is logged once, and nothing of a connection that never missed it', () => {
  const lines: string[] = [];
  const connection = new EventEmitter();
  tellReturns(connection, loggerOf('info', 'test', { write: (line) => lines.push(JSON.parse(line).msg) }));
  connection.emit('ready');
  expect(lines).toEqual([]);
  for (const _ of 'abc') connection.emit('error', new Error('connect ECONNREFUSED'));
  connection.emit('ready');
  connection.emit('ready');
  expect(lines).toEqual(['Redis answers again']);
});
