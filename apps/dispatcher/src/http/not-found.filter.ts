import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { problemOf } from './problem.js';

/** Says that there is nothing at a path, outside of the API as within it. */
@Catch(NotFoundException)
export class NotFoundFilter implements ExceptionFilter {
  catch(_error: NotFoundException, host: ArgumentsHost): void {
    const problem = problemOf('NOT_FOUND', 'There is nothing at this path');
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}
