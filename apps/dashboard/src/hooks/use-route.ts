import { useSyncExternalStore } from 'react';

/** Where in the page one is: `#/workers/w1?x=y`. */
export interface Route {
  readonly page: string;
  /** What is behind the page's name, decoded; empty for none. */
  readonly id: string;
  readonly query: URLSearchParams;
}

const listen = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

/** The present place, anew when it changes. */
export function useRoute(): Route {
  return routeOf(useSyncExternalStore(listen, () => location.hash));
}

/** Reads a place. */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const slash = path.indexOf('/');
  const [page, id] = slash === -1 ? [path, ''] : [path.slice(0, slash), path.slice(slash + 1)];
  return { page: page || 'overview', id: decoded(id), query: new URLSearchParams(query) };
}

/** Changes the query of the present place; what is empty is left out. */
export function goTo(page: string, query: Readonly<Record<string, string>> = {}): void {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const text = new URLSearchParams(given).toString();
  location.hash = `#/${page}${text === '' ? '' : `?${text}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // Typed by hand: looked for as it is.
  }
}
