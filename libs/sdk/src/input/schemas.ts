import { formatPath, isPlain, type PathSegment } from '@shunt/input';
import { invalidConfig, invalidInput } from '@shunt/lanes';
import type { TaskMap } from '../task-map.js';
import { taskNameProblem } from './ids.js';

type Issue = {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
};
type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

/** A schema of zod, or of any library that follows standardschema.dev. It must not be asynchronous. */
export interface InputSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>;
  };
}

/** By task name. */
export type InputSchemas<Tasks extends TaskMap> = {
  readonly [Name in keyof Tasks]?: InputSchema<Tasks[Name]['input']> | undefined;
};

/** Checked schemas, by task name. */
export type KnownSchemas = ReadonlyMap<string, InputSchema>;

/** Checks the option `schemas`. @throws ShuntError INVALID_CONFIG naming each that is none */
export function schemasOf(value: unknown): KnownSchemas {
  if (value === undefined) return new Map();
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value);
  if (!isMap)
    throw invalidConfig([{ field: 'schemas', message: 'must be an object with a schema for each task name' }]);
  const entries = Object.entries(value).filter(([, schema]) => schema !== undefined);
  const problems = entries.flatMap(([name, schema]) => {
    const field = formatPath('schemas', [name]);
    const nameProblem = taskNameProblem(name);
    if (nameProblem !== null) return [{ field, message: `is no task name: it ${nameProblem}` }];
    const standard = (schema as Partial<InputSchema> | null)?.['~standard'];
    return typeof standard?.validate === 'function' ? [] : [{ field, message: 'must be a schema, such as one of zod' }];
  });
  if (problems.length > 0) throw invalidConfig(problems);
  return new Map(entries as [string, InputSchema][]);
}

/**
 * What the schema of a task makes of its input; the input itself for a task without one.
 *
 * @throws ShuntError INVALID_INPUT naming each bad field, INVALID_CONFIG for an asynchronous schema
 */
export function checkedInput(schemas: KnownSchemas, name: string, input: unknown): unknown {
  const schema = schemas.get(name);
  if (!schema) return input;
  const result = schema['~standard'].validate(input);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw invalidConfig([{ field: formatPath('schemas', [name]), message: 'must not be asynchronous' }]);
  }
  if (!result.issues) return result.value;
  throw invalidInput(
    result.issues.map(({ path = [], message }) => {
      const segments = path.map((part) => (typeof part === 'object' ? part.key : part) as PathSegment);
      return { field: formatPath('input', segments), message };
    }),
  );
}
