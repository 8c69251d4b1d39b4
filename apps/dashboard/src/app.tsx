import { useCallback, useRef, useState } from 'react';
import { ApiError, ask } from './api/client.js';
import { apiKey } from './api/key.js';
import type { Me } from './api/types.js';
import { useHotkeys } from './hooks/use-hotkeys.js';
import { MeContext } from './hooks/use-me.js';
import { useQuery } from './hooks/use-query.js';
import { useRoute } from './hooks/use-route.js';
import { useTheme } from './hooks/use-theme.js';
import { PageOf } from './page-of.js';
import { Banner } from './parts/banner.js';
import { Header } from './parts/header.js';
import { HelpDialog } from './parts/help-dialog.js';
import { KeyForm } from './parts/key-form.js';

/** The whole page: asks for a key where one is needed, then shows what that key may see. */
export function App() {
  const me = useQuery<Me>('/me');
  const [isLeft, setLeft] = useState(false);
  const known = useRef<Me | null>(null);
  if (me.data !== null) known.current = me.data;
  const isRefused = me.error instanceof ApiError && me.error.status === 401;
  if (isRefused || isLeft) {
    known.current = null;
    const problem = apiKey.get() === null || isLeft ? null : 'This key is not known here';
    const enter = () => {
      setLeft(false);
      me.reload();
    };
    return <KeyForm problem={problem} onKey={enter} />;
  }
  if (known.current === null) {
    return <p className="dim empty">{me.error === null ? 'Opening' : me.error.message}</p>;
  }
  const leave = () => {
    void ask('/session', { method: 'DELETE' }).catch(() => undefined);
    apiKey.clear();
    setLeft(true);
  };
  return (
    <MeContext value={known.current}>
      <Shell onLeave={apiKey.get() === null ? undefined : leave} />
    </MeContext>
  );
}

function Shell({ onLeave }: { readonly onLeave: (() => void) | undefined }) {
  const { page, id } = useRoute();
  const [theme, nextTheme] = useTheme();
  const [isHelp, setHelp] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const openHelp = useCallback(() => setHelp(true), []);
  const focusSearch = useCallback(() => search.current?.focus(), []);
  useHotkeys({ search: focusSearch, help: openHelp, theme: nextTheme });
  return (
    <>
      <Header page={page} search={search} theme={theme} onTheme={nextTheme} onHelp={openHelp} onLeave={onLeave} />
      <Banner />
      <main>
        <PageOf page={page} id={id} />
      </main>
      {isHelp ? <HelpDialog onClose={() => setHelp(false)} /> : null}
    </>
  );
}
