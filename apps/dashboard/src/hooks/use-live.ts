import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LiveState } from '../api/live-state.js';
import { LiveStore } from '../api/live-store.js';

/** The one stream of the page. */
export const LiveContext = createContext(new LiveStore());

/** What the stream told, anew with each event. */
export function useLive(): LiveState {
  const store = useContext(LiveContext);
  return useSyncExternalStore(store.subscribe, store.snapshot);
}
