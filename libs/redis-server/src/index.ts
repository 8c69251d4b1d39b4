export { ensureRedis } from './ensure-redis.js';
export { findNative } from './find-native.js';
export { findFreePort } from './free-port.js';
export { guardChild } from './guard.js';
export { inspectRedis, type RedisFacts } from './inspect-redis.js';
export { readInfo } from './read-info.js';
export type { EnsureRedisOptions, RedisServer } from './redis-server.js';
export { RedisStartError } from './redis-start-error.js';
