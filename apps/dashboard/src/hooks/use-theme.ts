import { useCallback, useEffect, useState } from 'react';

/** How the page looks; `auto` as the system says. */
export type Theme = 'auto' | 'light' | 'dark';

const place = 'shunt-theme';
const next: Readonly<Record<Theme, Theme>> = { auto: 'dark', dark: 'light', light: 'auto' };

/** The theme, kept in this browser, and a function that goes on to the next. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(() => {
    const kept = localStorage.getItem(place);
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
  });
  useEffect(() => {
    if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
    else document.documentElement.dataset.theme = theme;
    localStorage.setItem(place, theme);
    dispatchEvent(new Event('themechange'));
  }, [theme]);
  return [theme, useCallback(() => setTheme((last) => next[last]), [])];
}
