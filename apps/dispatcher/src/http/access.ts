import { type Role, roles } from '@shunt/runtime';

/** Who may use a route: anybody, or whoever has a role or one above it. */
export type Access = 'public' | Role;

/** Who asks. */
export interface Caller {
  /** Name of its API key; `loopback` where no keys are set. */
  readonly actor: string;
  readonly role: Role;
}

/** Whether a role is enough. */
export function mayUse(role: Role, access: Access): boolean {
  return access === 'public' || roles.indexOf(role) >= roles.indexOf(access);
}
