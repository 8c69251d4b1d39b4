// A lock between processes of one machine. It is a folder that holds its owner's name and appears with it, by one rename.
// Nobody has to tidy up: a lock whose owner no longer runs counts for nothing, however that process ended.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs a step while no other process runs one under the same lock; waits for its turn.
 *
 * @param lock path of the lock; its folder is made
 * @param step may be async
 * @param onWait told the owner's process id once, when there is something to wait for
 */
export async function alone(lock, step, onWait = () => undefined) {
  mkdirSync(dirname(lock), { recursive: true });
  let isTold = false;
  while (!take(lock)) {
    const owner = ownerOf(lock);
    if (owner !== null && !isRunning(owner)) {
      // Two may have seen the same dead owner, and the second must not remove the first one's new lock: each looks again
      // while it is alone to do so.
      await alone(`${lock}.clearing`, () => {
        const seen = ownerOf(lock);
        if (seen !== null && !isRunning(seen)) release(lock);
      });
    } else if (owner !== null) {
      if (!isTold) onWait(pidOf(owner));
      isTold = true;
      await sleep(100);
    }
  }
  try {
    return await step();
  } finally {
    release(lock);
  }
}

/** Whether the lock is ours now. A rename onto a folder that is not empty fails, so only one gets it. */
function take(lock) {
  const mine = mkdtempSync(`${lock}.`);
  try {
    writeFileSync(join(mine, 'owner'), `${process.pid} ${startOf(process.pid)}`);
    renameSync(mine, lock);
    return true;
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Gives the lock up in one step: there is never a lock without an owner. */
function release(lock) {
  const old = mkdtempSync(`${lock}.`);
  renameSync(lock, old);
  rmSync(old, { recursive: true, force: true });
}

/** Who has the lock, null for nobody. */
function ownerOf(lock) {
  try {
    return readFileSync(join(lock, 'owner'), 'utf8');
  } catch {
    return existsSync(lock) ? '' : null;
  }
}

const pidOf = (owner) => Number.parseInt(owner, 10);
const isRunning = (owner) => owner === `${pidOf(owner)} ${startOf(pidOf(owner))}`;

/**
 * When a process started, as ids are given again: boot id and field 22 of /proc/<pid>/stat (proc(5)). Null when it does not
 * run or is a zombie; elsewhere than on Linux only that it runs.
 */
function startOf(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return null;
  }
  if (process.platform !== 'linux') return 'runs';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; after it comes field 3, the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    return null;
  }
}
