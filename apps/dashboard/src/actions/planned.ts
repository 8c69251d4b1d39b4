import { type Asking, ask } from '../api/client.js';

/** What the dispatcher's dry run of an order says that it would do. @throws ApiError as the order itself */
export async function planned(path: string, method: string, asking: Omit<Asking, 'method'> = {}): Promise<string> {
  const { would } = await ask<{ would: string }>(`${path}?dryRun=true`, { json: {}, ...asking, method });
  return would;
}
