import { ShuntError } from '@shunt/sdk';

/** The ShuntError that a call is refused with. @throws Error when it is not refused, or by another error */
export async function refusalOf(call: () => unknown): Promise<ShuntError> {
  let outcome: unknown;
  try {
    outcome = await call();
  } catch (error) {
    if (error instanceof ShuntError) return error;
    throw error;
  }
  throw new Error('nothing was refused', { cause: outcome });
}
