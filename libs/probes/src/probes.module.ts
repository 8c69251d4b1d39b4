import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProbesController } from './probes.controller.js';
import { type ProbesOptions, probesOptions } from './probes.options.js';

export type { ProbesOptions } from './probes.options.js';

/** Serves `/livez`, `/readyz`, `/health`, `/version` and `/metrics`. */
@Module({})
export class ProbesModule {
  static with(options: ProbesOptions): DynamicModule {
    return {
      module: ProbesModule,
      controllers: [ProbesController],
      providers: [{ provide: probesOptions, useValue: options }],
    };
  }
}

/** Listens for probes alone, in a process without another HTTP server. */
export async function startProbes(host: string, port: number, options: ProbesOptions): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(ProbesModule.with(options), new FastifyAdapter(), {
    logger: false,
  });
  await app.listen(port, host);
  return app;
}
