import { useCallback, useEffect, useState } from 'react';
import { ApiError, ask, withQuery } from '../api/client.js';

/** A list that is fetched by pages. */
export interface Pages<T> {
  readonly items: readonly T[];
  /** When the newest of them were read, in ms since 1970. */
  readonly atMs: number;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly error: ApiError | null;
  readonly more: () => void;
  readonly reload: () => void;
}

/** Time between two looks at a first page, in ms. */
const everyMs = 3000;
/** Pages without an item that are passed over at once. */
const maxEmpty = 20;

interface Loaded<T> {
  readonly path: string;
  readonly items: readonly T[];
  readonly atMs: number;
  readonly cursor: string | null;
  readonly pages: number;
  readonly error: ApiError | null;
}

/**
 * Fetches a list. Its first page is kept fresh while it is the only one, unless it begins at a cursor. `name` is the list's field in an
 * answer.
 */
export function usePages<T>(path: string, name: string, start: string | null = null): Pages<T> {
  const [loaded, setLoaded] = useState<Loaded<T> | null>(null);
  const [turn, setTurn] = useState(0);
  const current = loaded?.path === path ? loaded : null;
  const isLong = (current?.pages ?? 1) > 1;

  useEffect(() => {
    if (isLong) return;
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      if (!document.hidden) {
        const page = await fetchPage<T>(path, name, start, gone.signal);
        if (gone.signal.aborted) return;
        setLoaded({ path, pages: 1, ...page });
      }
      if (start === null) timer = setTimeout(look, everyMs);
    };
    void look();
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [path, name, start, turn, isLong]);

  const more = useCallback(() => {
    if (!current?.cursor) return;
    const { cursor, items, pages } = current;
    setLoaded({ ...current, pages: pages + 1 });
    void fetchPage<T>(path, name, cursor, null).then((page) => {
      setLoaded({ path, ...page, pages: pages + 1, items: [...items, ...page.items] });
    });
  }, [current, path, name]);
  const reload = useCallback(() => {
    setLoaded(null);
    setTurn((last) => last + 1);
  }, []);
  const { items = [], cursor = null, error = null, atMs = 0 } = current ?? {};
  return { items, atMs, hasMore: cursor !== null, isLoading: current === null, error, more, reload };
}

async function fetchPage<T>(path: string, name: string, from: string | null, signal: AbortSignal | null) {
  let cursor = from;
  try {
    for (let n = 0; n < maxEmpty; n++) {
      const asked = withQuery(path, { cursor: cursor ?? undefined });
      const answer = await ask<Record<string, unknown>>(asked, signal ? { signal } : {});
      const items = answer[name] as readonly T[];
      cursor = answer.cursor as string | null;
      if (items.length > 0 || cursor === null) return { items, cursor, error: null, atMs: Date.now() };
    }
    return { items: [], cursor, error: null, atMs: Date.now() };
  } catch (error) {
    const told = error instanceof ApiError ? error : new ApiError(0, 'UNKNOWN', String(error));
    return { items: [], cursor: null, error: told, atMs: Date.now() };
  }
}
