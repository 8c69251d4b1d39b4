/** Strategies of one's own: SHUNT_STRATEGIES=examples/strategies.mjs SHUNT_STRATEGY=last-by-id npm run dispatcher. */
import { strategy } from '@shunt/sdk';

export default [strategy('last-by-id', (_task, free) => free.reduce((a, b) => (a.id > b.id ? a : b)))];
