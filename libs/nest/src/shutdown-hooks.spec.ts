import 'reflect-metadata';
import { type LoggerService, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect, it, vi } from 'vitest';
import { ShutdownHooks } from './shutdown-hooks.js';

@Module({ providers: [ShutdownHooks] })
class App {}

/** An application, and what it warns of. */
async function boot() {
  const warnings: string[] = [];
  const ignore = () => undefined;
  const logger: LoggerService = { log: ignore, error: ignore, warn: (message) => warnings.push(message) };
  return { app: await NestFactory.createApplicationContext(App, { logger }), warnings };
}

it('warns of an application that does not listen to SIGTERM, and of no other', async () => {
  const others = process.listeners('SIGTERM');
  process.removeAllListeners('SIGTERM');
  const { app, warnings } = await boot();
  await vi.waitUntil(() => warnings.length > 0, { timeout: 60_000 });
  expect(warnings).toEqual([expect.stringContaining('call app.enableShutdownHooks()')]);
  app.enableShutdownHooks(['SIGTERM']);
  app.get(ShutdownHooks).check();
  expect(warnings).toHaveLength(1);
  await app.close();
  for (const listener of others) process.on('SIGTERM', listener);
});
