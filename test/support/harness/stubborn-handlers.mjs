/** Handlers of a worker process whose stop is tested. Each tells as the task's progress what its signal said. */
const heard = (ctx) =>
  new Promise((resolve) => {
    ctx.signal.addEventListener('abort', () => resolve(ctx.progress({ heard: ctx.signal.reason })));
  });

export default {
  /** Ends when it is aborted. */
  heeds: async (_, ctx) => {
    await heard(ctx);
    throw new Error('aborted');
  },
  /** Never ends. */
  ignores: async (_, ctx) => {
    await heard(ctx);
    await new Promise(() => undefined);
  },
};
