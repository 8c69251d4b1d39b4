import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type ClaimRecord, parseClaim } from './claim-record.js';
import { identify, isRunning } from './process-identity.js';
import { RedisStartError } from './redis-start-error.js';

/** A data directory that is ours alone until it is released. */
export interface DataDir {
  readonly path: string;
  /** Writes down which server uses the directory, so that the next start can reap it. */
  recordServer(pid: number): void;
  /** Lets others have the directory; removes it if it was a temporary one. May be called again. */
  release(): void;
}

/** Name of the file in a data directory that says who uses it: the owner and, once spawned, the server. */
export const claimFileName = 'shunt-redis.pid';

/** Beyond nine copies of one demo something is wrong. */
const maxCopies = 9;

/** A killed process is gone within a few of these. */
const reapPollMs = 10;

/**
 * Claims a directory for a server, and reaps the server that a dead owner left in it.
 *
 * A directory whose owner lives is not touched: the first free one of `<dir>-2` to `<dir>-9` is taken instead.
 *
 * @param wanted Defaults to a fresh temporary directory.
 * @throws RedisStartError when all nine are in use, or the directory cannot be made or written
 */
export async function claimDataDir(wanted: string | undefined, log: (line: string) => void): Promise<DataDir> {
  if (wanted === undefined) {
    const path = mkdtempSync(join(tmpdir(), 'shunt-redis-'));
    const { file, record } = draftClaim(path);
    createExclusively(file, record);
    return holdDir(path, record, path);
  }
  for (let copy = 1; copy <= maxCopies; copy += 1) {
    const path = resolve(copy === 1 ? wanted : `${wanted}-${copy}`);
    const claimed = await claim(path, log).catch((cause: Error) => {
      throw new RedisStartError(`Redis cannot keep its data in ${path}: ${cause.message}`, { cause });
    });
    if (claimed !== null) {
      return claimed;
    }
    log(`${path} is in use by another copy`);
  }
  throw new RedisStartError(
    `${resolve(wanted)} and ${maxCopies - 1} more beside it are in use; name another directory`,
  );
}

async function claim(path: string, log: (line: string) => void): Promise<DataDir | null> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { file, record } = draftClaim(path);
  while (!createExclusively(file, record)) {
    const found = readClaim(file);
    if (found !== null && isRunning(found.owner)) {
      return null;
    }
    await reap(file, found, log);
  }
  return holdDir(path, record, file);
}

function draftClaim(path: string): { file: string; record: ClaimRecord } {
  const owner = identify(process.pid) ?? { pid: process.pid, started: 'unknown' };
  return { file: join(path, claimFileName), record: { owner, server: null } };
}

/** @param removedAtRelease the claim file, or the whole directory when it is a temporary one */
function holdDir(path: string, record: ClaimRecord, removedAtRelease: string): DataDir {
  let isReleased = false;
  return {
    path,
    recordServer: (pid) => replaceClaim(join(path, claimFileName), { ...record, server: identify(pid) }),
    release: () => {
      if (!isReleased) {
        isReleased = true;
        rmSync(removedAtRelease, { recursive: true, force: true });
      }
    },
  };
}

function replaceClaim(file: string, record: ClaimRecord): void {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(record));
  renameSync(draft, file);
}

/** Writes aside and links: the file appears whole or not at all, so no reader takes a half-written claim for a dead one. */
function createExclusively(file: string, record: ClaimRecord): boolean {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(record));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    rmSync(draft);
  }
}

function readClaim(file: string): ClaimRecord | null {
  try {
    return parseClaim(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return null;
    }
    throw error;
  }
}

/**
 * Moves a dead owner's claim away and kills its server. Two may do so at once: who moved a claim that is not the
 * one it had read puts it back. SIGKILL is safe for the data: what a client was told is written is with
 * the kernel already, and Redis reads an AOF up to its last whole command.
 */
async function reap(file: string, stale: ClaimRecord | null, log: (line: string) => void): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  const moved = readClaim(aside);
  if (moved !== null && isRunning(moved.owner)) {
    renameSync(aside, file);
    return;
  }
  rmSync(aside);
  const server = (moved ?? stale)?.server;
  if (server && isRunning(server)) {
    log(`ending process ${server.pid}, a Redis that an earlier run left behind`);
    process.kill(server.pid, 'SIGKILL');
    while (isRunning(server)) {
      await setTimeout(reapPollMs);
    }
  }
}
