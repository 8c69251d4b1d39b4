import type { ApiError } from '../api/client.js';

/** Says what a request ran into; nothing when it did not. */
export function Trouble({ error }: { readonly error: ApiError | null }) {
  if (error === null) return null;
  return (
    <p className="trouble" role="alert">
      {error.message}
    </p>
  );
}
