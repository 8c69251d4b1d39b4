import type { Ref } from 'react';
import { pageKeys } from '../hooks/use-hotkeys.js';
import { useLive } from '../hooks/use-live.js';
import { useMe } from '../hooks/use-me.js';
import type { Theme } from '../hooks/use-theme.js';
import { BoardLink } from './board-link.js';
import { SearchBox } from './search-box.js';

const titles: Readonly<Record<string, string>> = {
  overview: 'Overview',
  workers: 'Workers',
  agents: 'Agents',
  tasks: 'Tasks',
  pool: 'Pool',
  events: 'Events',
};
const looks: Readonly<Record<Theme, string>> = { auto: '◐', dark: '☾', light: '☀' };

/** The head of every page: where one is, where one can go, and whether the stream lives. */
export function Header({
  page,
  search,
  theme,
  onTheme,
  onHelp,
  onLeave,
}: {
  readonly page: string;
  readonly search: Ref<HTMLInputElement>;
  readonly theme: Theme;
  readonly onTheme: () => void;
  readonly onHelp: () => void;
  /** Forgets the key; undefined where there is none. */
  readonly onLeave: (() => void) | undefined;
}) {
  const { link, now, workers } = useLive();
  const { pool, actor, role } = useMe();
  const isLive = link === 'open' && now?.redis.isUp === true;
  return (
    <header className="top">
      <a className="brand" href="#/overview" aria-label="Shunt, overview">
        <span className={`pulse ${isLive ? 'live' : 'dead'}`} role="img" aria-label={isLive ? 'live' : 'not live'} />
        Shunt <small>{pool}</small>
      </a>
      <nav aria-label="Pages">
        {Object.values(pageKeys).map((name) => (
          <a key={name} href={`#/${name}`} aria-current={name === page ? 'page' : undefined}>
            {titles[name]}
          </a>
        ))}
        <BoardLink />
      </nav>
      <SearchBox input={search} workers={workers.map(({ id }) => id)} />
      <div className="tools">
        <span className="who" title={`Role: ${role}`}>
          {actor} <small>{role}</small>
        </span>
        <button
          type="button"
          className="icon"
          onClick={onTheme}
          aria-label={`Theme: ${theme}`}
          title={`Theme: ${theme}`}
        >
          {looks[theme]}
        </button>
        <button type="button" className="icon" onClick={onHelp} aria-label="Keys" title="Keys">
          ?
        </button>
        {onLeave === undefined ? null : (
          <button type="button" onClick={onLeave}>
            Leave
          </button>
        )}
      </div>
    </header>
  );
}
