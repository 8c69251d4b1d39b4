import { type FieldProblem, problemsOf } from '@shunt/input';
import { invalidInput, type NamedOrderer, type ShuntError } from '@shunt/lanes';
import { z } from 'zod';

/** Who gives an order, and why. */
export interface OrderOptions {
  /** Who asks, as the journal tells it, 1 to 100 characters. Defaults to `sdk`; over HTTP it is the name of the API key. */
  readonly by?: string | undefined;
  /** Why, as the journal and over HTTP the audit tell it, at most 500 characters. Defaults to nothing said. */
  readonly reason?: string | undefined;
}

const byMessage = 'must be 1 to 100 printable characters';
const reasonMessage = 'must be a text of at most 500 characters';

/** The fields that every order takes. */
export const orderFields = {
  by: z
    .string(byMessage)
    .regex(/^[^\p{C}]{1,100}$/u, byMessage)
    .optional(),
  reason: z.string(reasonMessage).max(500, reasonMessage).optional(),
};
const orderSchema = z.strictObject(orderFields);

/** @throws ShuntError INVALID_INPUT, or as `refuse` makes it, naming by or reason */
export function assertOrderOptions(
  options: OrderOptions,
  refuse: (problems: readonly FieldProblem[]) => ShuntError = invalidInput,
): void {
  const problems = problemsOf(orderSchema, options, 'options');
  if (problems.length > 0) throw refuse(problems);
}

/** Who asks, why, and a new name for the call. */
export function namedOrderer({ by = 'sdk', reason }: OrderOptions): NamedOrderer {
  return { by, reason, nonce: crypto.randomUUID() };
}
