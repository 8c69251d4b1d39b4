import { findNative } from '@shunt/redis-server';

/** A program that can be run, and where its libraries are. */
export interface RedisProgram {
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The redis-server that the tests start, for what `ensureRedis` does not do. */
export async function redisProgram(): Promise<RedisProgram> {
  const found = await findNative(process.env, () => undefined);
  if (found.kind === 'none') throw new Error(found.reason);
  const { path, libraryPath } = found.value;
  return { path, variables: libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath } };
}
