import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

/** An application that is made by `createApplicationContext` can enable its hooks only after it has booted. */
const graceMs = 1000;

/** Warns of an application that nobody will tell of SIGTERM: its workers would die with their tasks, which then wait for a lease. */
@Injectable()
export class ShutdownHooks implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Shunt');
  private timer: NodeJS.Timeout | undefined;

  onApplicationBootstrap(): void {
    this.timer = setTimeout(() => this.check(), graceMs).unref();
  }

  /** Warns if nobody listens to SIGTERM. */
  check(): void {
    if (process.listenerCount('SIGTERM') > 0) return;
    this.logger.warn('Shutdown hooks are off, so a deploy kills running tasks: call app.enableShutdownHooks()');
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
  }
}
