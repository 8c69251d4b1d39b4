/** One call of a script with all its arguments, by who sends it: sent twice it is the same call. */
export type Command =
  | {
      readonly kind: 'enqueue';
      readonly id: string;
      readonly agent: string;
      readonly priority: number;
      readonly delayMs: number;
    }
  | { readonly kind: 'add'; readonly id: string; readonly agent: string }
  | { readonly kind: 'shunt' }
  | { readonly kind: 'promote'; readonly untilMs: number }
  | { readonly kind: 'pull'; readonly worker: string; readonly life: string; readonly token: string }
  | {
      readonly kind: 'settle';
      readonly worker: string;
      readonly life: string;
      readonly token: string;
      readonly id: string;
      readonly outcome: 'completed' | 'failed';
      readonly mayFetch: boolean;
    }
  | { readonly kind: 'retry'; readonly worker: string; readonly token: string; readonly id: string }
  | { readonly kind: 'place'; readonly id: string; readonly worker: string }
  | {
      readonly kind: 'join';
      readonly worker: string;
      readonly life: string;
      readonly slots: number;
      /** The life of its own process that it succeeds, '' for none. */
      readonly replaces: string;
    }
  | { readonly kind: 'beat'; readonly worker: string; readonly life: string; readonly slots: number }
  /** A life of a worker takes nothing more. */
  | { readonly kind: 'drain'; readonly worker: string; readonly life: string }
  /** The leader empties the lane of a living worker. */
  | { readonly kind: 'clear'; readonly worker: string }
  /** The leader ends the life of a dead one. */
  | { readonly kind: 'evict'; readonly worker: string }
  | { readonly kind: 'cancel'; readonly id: string; readonly nonce: string }
  | { readonly kind: 'pause'; readonly agent: string; readonly nonce: string }
  | { readonly kind: 'resume'; readonly agent: string; readonly nonce: string };

/** Who sends a command: its calls reach Redis in the order in which it made them, repeated ones as well. */
export function senderOf(command: Command): string {
  switch (command.kind) {
    case 'enqueue':
    case 'add':
    case 'cancel':
      return 'producer';
    case 'pause':
    case 'resume':
      return 'operator';
    case 'shunt':
    case 'promote':
    case 'place':
    case 'clear':
    case 'evict':
      return 'dispatcher';
    default:
      return command.worker;
  }
}
