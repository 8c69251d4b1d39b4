import { useCallback, useEffect, useState } from 'react';
import { ApiError, ask } from '../api/client.js';

/** What a path answered last. */
export interface Query<T> {
  readonly data: T | null;
  readonly error: ApiError | null;
  readonly isLoading: boolean;
  /** Asks once more, now. */
  readonly reload: () => void;
}

/** Time between two looks, in ms. */
const everyMs = 2000;

/** Asks for a path, now and every two seconds while the page is seen. Null asks for nothing. */
export function useQuery<T>(path: string | null, { isOnce = false }: { isOnce?: boolean } = {}): Query<T> {
  const [turn, setTurn] = useState(0);
  const [known, setKnown] = useState<{ path: string; data: T | null; error: ApiError | null } | null>(null);
  useEffect(() => {
    if (path === null) return;
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      if (!document.hidden) {
        const [data, error] = await ask<T>(path, { signal: gone.signal }).then(
          (answer) => [answer, null] as const,
          (failure: unknown) => [null, failure] as const,
        );
        if (gone.signal.aborted) return;
        const told = error === null || error instanceof ApiError ? error : new ApiError(0, 'UNKNOWN', String(error));
        setKnown((last) => ({
          path,
          data: data ?? (last?.path === path && isPassing(told) ? last.data : null),
          error: told,
        }));
      }
      if (!isOnce) timer = setTimeout(look, everyMs);
    };
    void look();
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [path, isOnce, turn]);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  const isKnown = known !== null && known.path === path;
  return { data: isKnown ? known.data : null, error: isKnown ? known.error : null, isLoading: !isKnown, reload };
}

/** Whether what was known before is still worth showing. */
function isPassing(error: ApiError | null): boolean {
  return error === null || error.status === 0 || error.status >= 500 || error.status === 429;
}
