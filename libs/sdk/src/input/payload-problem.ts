import { isPlain, type PathSegment } from '@shunt/input';
import { refusalOf } from './payload-value.js';

/** Deepest nesting of a payload: far above real documents, far below what overflows a JSON parser's stack. */
export const maxPayloadDepth = 512;

/** What is wrong with a payload and where; never holds a value. */
export type PayloadProblem =
  | { readonly kind: 'invalid'; readonly path: readonly PathSegment[]; readonly message: string }
  | { readonly kind: 'too-large' };

/** How to look at a payload. */
export interface PayloadWalk {
  /** The walk ends as soon as the JSON must be longer, so a graph of shared branches cannot keep it busy. */
  readonly maxBytes: number;
  /** Whether to look for lone surrogates in strings and keys. Slower: only asked where the JSON hints at one. */
  readonly checksText: boolean;
}

/** One object or array on the way from the root to the value looked at. */
interface Frame {
  readonly parent: Frame | null;
  readonly depth: number;
  readonly container: Readonly<Record<PathSegment, unknown>>;
  /** Own enumerable names, or null for an array. */
  readonly names: readonly string[] | null;
  readonly size: number;
  next: number;
}

const loneSurrogate = /\p{Surrogate}/u;

/**
 * Finds the first thing in a payload that JSON would change, drop or choke on, or null.
 *
 * Walks without recursion; a getter or proxy that throws is a problem at its path, and its error is dropped since it may
 * quote the payload. O(bytes of the JSON).
 */
export function findPayloadProblem(root: unknown, walk: PayloadWalk): PayloadProblem | null {
  const position: { frame: Frame | null } = { frame: null };
  try {
    return search(root, walk, position);
  } catch {
    return invalid(position.frame, 'could not be read: a getter or proxy threw');
  }
}

function search(root: unknown, { maxBytes, checksText }: PayloadWalk, position: { frame: Frame | null }) {
  if (typeof root === 'string') {
    if (root.length + 2 > maxBytes) return tooLarge;
    return checksText && loneSurrogate.test(root) ? invalid(null, brokenText) : null;
  }
  if (typeof root !== 'object' || root === null) return isScalar(root) ? null : invalid(null, refusalOf(root));
  if (!isPlain(root)) return invalid(null, refusalOf(root));
  let frame: Frame | null = open(root, null);
  /** Bytes that the JSON has at least: one for each value and its comma, the length of strings and names. */
  let bytes = 1;
  while (frame !== null) {
    position.frame = frame;
    if (frame.next === frame.size) {
      frame = frame.parent;
      continue;
    }
    const index: number = frame.next++;
    let item: unknown;
    if (frame.names === null) {
      item = frame.container[index];
    } else {
      const name: string = frame.names[index] as string;
      if (name === '__proto__') return invalid(frame, 'is a name that is not accepted');
      if (checksText && loneSurrogate.test(name)) return invalid(frame, `has a name that ${brokenText}`);
      item = frame.container[name];
      if (item === undefined) continue;
      if (name === 'constructor' && hasPrototypeName(item)) return invalid(frame, 'with a prototype is not accepted');
      bytes += name.length + 3;
    }
    bytes += 2;
    if (typeof item === 'string') {
      bytes += item.length + 1;
      if (checksText && loneSurrogate.test(item)) return invalid(frame, brokenText);
    } else if (typeof item === 'object' && item !== null) {
      if (!isPlain(item)) return invalid(frame, refusalOf(item));
      if (frame.depth === maxPayloadDepth) return findCycle(frame) ?? invalid(frame, tooDeep);
      frame = open(item, frame);
    } else if (!isScalar(item)) return invalid(frame, refusalOf(item));
    if (bytes > maxBytes) return findCycle(frame) ?? tooLarge;
  }
  return null;
}

const tooLarge: PayloadProblem = { kind: 'too-large' };
const brokenText = 'must be whole Unicode text, without lone surrogates';
const tooDeep = `is nested deeper than ${maxPayloadDepth} levels`;

function open(container: object, parent: Frame | null): Frame {
  const names = Array.isArray(container) ? null : Object.keys(container);
  return {
    parent,
    depth: parent === null ? 1 : parent.depth + 1,
    container: container as Readonly<Record<PathSegment, unknown>>,
    names,
    size: names === null ? (container as readonly unknown[]).length : names.length,
    next: 0,
  };
}

function isScalar(value: unknown): boolean {
  return typeof value === 'number' ? Number.isFinite(value) : value === null || typeof value === 'boolean';
}

function hasPrototypeName(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}

/** Reports the place where the way to a frame first comes back to a container that it passed before, or null. */
function findCycle(end: Frame): PayloadProblem | null {
  const way: Frame[] = [];
  for (let frame: Frame | null = end; frame !== null; frame = frame.parent) way.push(frame);
  const passed = new Set<unknown>();
  for (const frame of way.reverse()) {
    if (passed.has(frame.container)) return invalid(frame.parent, 'refers back to an object that contains it');
    passed.add(frame.container);
  }
  return null;
}

/** Makes a problem of the item that the frame last took. */
function invalid(frame: Frame | null, message: string): PayloadProblem {
  const path: PathSegment[] = [];
  for (let at = frame; at !== null; at = at.parent) {
    if (at.next > 0) path.push(at.names === null ? at.next - 1 : (at.names[at.next - 1] as string));
  }
  return { kind: 'invalid', path: path.reverse(), message };
}
