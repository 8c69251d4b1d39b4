import type { EnqueueOptions } from './input/enqueue-options.js';
import type { Handler, TaskContext } from './worker/task-context.js';

/** Task names with their input and output, for a typed client and worker: `{ plan: { input: Goal; output: Plan } }`. */
export type TaskMap = Record<string, { input: unknown; output: unknown }>;

/** One task of `enqueueMany`. */
export interface EnqueueItem<Name extends string = string, Input = unknown> {
  readonly task: Name;
  readonly input: Input;
  readonly options?: EnqueueOptions;
}

/** The items that a typed client takes. */
export type ItemOf<Tasks extends TaskMap> = {
  [Name in keyof Tasks & string]: EnqueueItem<Name, Tasks[Name]['input']>;
}[keyof Tasks & string];

/** The handlers of a typed worker; of one without types, any functions. */
export type HandlersOf<Tasks extends TaskMap> = string extends keyof Tasks
  ? Readonly<Record<string, Handler>>
  : {
      readonly [Name in keyof Tasks]: (
        input: Tasks[Name]['input'],
        ctx: TaskContext,
      ) => Tasks[Name]['output'] | Promise<Tasks[Name]['output']>;
    };
