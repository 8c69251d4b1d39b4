import type { Route } from './route.js';

/** The methods that routes take at a path, none where there is no route. */
export function allowedMethods(routes: readonly Route[], url: string): string[] {
  const path = url.split('?', 1)[0] ?? '';
  return routes.filter((one) => isAt(one.path.split('/'), path.split('/'))).map(({ method }) => method);
}

function isAt(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, i) => part.startsWith('{') || part === path[i]);
}
