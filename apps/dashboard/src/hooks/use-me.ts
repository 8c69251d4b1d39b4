import { createContext, useContext } from 'react';
import type { Me } from '../api/types.js';

/** The roles, each may do what those before it may. */
const roles = ['viewer', 'submitter', 'operator', 'admin'] as const satisfies readonly Me['role'][];

/** Whose key it is. */
export const MeContext = createContext<Me>({ actor: '', role: 'viewer', pool: '', version: '', isDemo: false });

/** Who sits before the page. */
export function useMe(): Me & { readonly may: (role: Me['role']) => boolean } {
  const me = useContext(MeContext);
  return { ...me, may: (role) => roles.indexOf(me.role) >= roles.indexOf(role) };
}
