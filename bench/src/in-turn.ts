import type { RunTask } from './systems/system.js';

/** Runs an agent's tasks one after the other, as a lock in the handler does: those that wait for it keep their slots. */
export function inTurn(run: RunTask): RunTask {
  const newest = new Map<string, Promise<unknown>>();
  return async (task) => {
    const running = (newest.get(task.agent) ?? Promise.resolve()).then(() => run(task));
    newest.set(task.agent, running);
    await running;
    if (newest.get(task.agent) === running) newest.delete(task.agent);
  };
}
