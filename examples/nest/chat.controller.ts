import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import type { Shunt } from '@shunt/sdk';
import { InjectShunt, ShuntHealthIndicator } from '@shunt/sdk/nest';

/** The HTTP side: a turn is a task of its agent. */
@Controller()
export class ChatController {
  constructor(
    @InjectShunt() private readonly shunt: Shunt,
    private readonly health: HealthCheckService,
    private readonly indicator: ShuntHealthIndicator,
  ) {}

  @Post('chat/:agent')
  async turn(@Param('agent') agentId: string, @Body() body: { text: string }) {
    const task = await this.shunt.enqueue('chat.turn', { text: body.text }, { agentId, attempts: 3 });
    return task.result({ timeout: '30s' });
  }

  @Get('health')
  @HealthCheck()
  check() {
    return this.health.check([() => this.indicator.isHealthy('shunt')]);
  }
}
