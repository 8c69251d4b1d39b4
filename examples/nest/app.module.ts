import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ShuntModule } from '@shunt/sdk/nest';
import { ChatController } from './chat.controller.js';
import { ChatTasks } from './chat.tasks.js';

@Module({
  imports: [
    TerminusModule,
    ShuntModule.forRootAsync({
      useFactory: () => ({
        redis: process.env.SHUNT_REDIS_URL ?? 'redis://127.0.0.1:6379',
        pool: 'agents',
        worker: { slots: 8, shutdown: { grace: '10s' } },
      }),
    }),
  ],
  controllers: [ChatController],
  providers: [ChatTasks],
})
export class AppModule {}
