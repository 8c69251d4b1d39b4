import { awayFaults } from './away.js';
import { failoverFaults } from './failover.js';
import type { RedisFault } from './fault.js';
import { refusingFaults } from './refusing.js';

/** Every way to break a Redis after which all is to go on by itself, by kind. */
export const redisFaults: readonly (readonly RedisFault[])[] = [awayFaults, refusingFaults, failoverFaults];
