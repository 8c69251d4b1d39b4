import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { ProbesModule } from '@shunt/probes';
import { DispatcherService } from './dispatcher.service.js';

/** A dispatcher with its endpoints. */
@Module({})
export class DispatcherModule {
  static with(service: DispatcherService): DynamicModule {
    const probes = { notReady: () => service.notReady(), metrics: () => service.metrics.text() };
    return {
      module: DispatcherModule,
      imports: [ProbesModule.with(probes)],
      providers: [{ provide: DispatcherService, useValue: service }],
      exports: [DispatcherService],
    };
  }
}
