import { useEffect } from 'react';
import { goTo } from './use-route.js';

/** Pages by the key behind `g`. */
export const pageKeys: Readonly<Record<string, string>> = {
  o: 'overview',
  w: 'workers',
  a: 'agents',
  t: 'tasks',
  p: 'pool',
  e: 'events',
};

/** What the keys of the page do, besides going to pages. */
export interface HotkeyActions {
  readonly search: () => void;
  readonly help: () => void;
  readonly theme: () => void;
}

/** Time within which the second key of a pair has to come, in ms. */
const pairMs = 1200;

/** Listens to the keys: `/` search, `g` and a letter for a page, `d` theme, `?` help. Nothing while one types or answers. */
export function useHotkeys({ search, help, theme }: HotkeyActions): void {
  useEffect(() => {
    let wentMs = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('dialog[open]')) return;
      const page = pageKeys[event.key];
      if (page !== undefined && event.timeStamp - wentMs < pairMs) goTo(page);
      else if (event.key === '/') search();
      else if (event.key === '?') help();
      else if (event.key === 'd') theme();
      else {
        wentMs = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
        return;
      }
      wentMs = Number.NEGATIVE_INFINITY;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [search, help, theme]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select');
}
