import { Controller, Get, Header, HttpCode, Inject, ServiceUnavailableException } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { type ProbesOptions, probesOptions } from './probes.options.js';
import { version } from './version.js';

/** What an orchestrator and Prometheus ask a process. */
@Controller()
export class ProbesController {
  constructor(@Inject(probesOptions) private readonly options: ProbesOptions) {}

  /** 200 while the process runs its event loop. */
  @Get('livez')
  @RouteConfig({ access: 'public' })
  @HttpCode(200)
  livez(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 while it can do its work, else 503 with the reason; `/health` is what the dispatcher asks a worker. */
  @Get(['readyz', 'health'])
  @RouteConfig({ access: 'public' })
  readyz(): { status: 'ok' } {
    const reason = this.options.notReady();
    if (reason !== null) throw new ServiceUnavailableException({ status: 'unavailable', reason });
    return { status: 'ok' };
  }

  /** What runs here. */
  @Get('version')
  @RouteConfig({ access: 'public' })
  version(): { version: string } {
    return { version };
  }

  /** Prometheus text. */
  @Get('metrics')
  @RouteConfig({ access: 'public' })
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.options.metrics();
  }
}
