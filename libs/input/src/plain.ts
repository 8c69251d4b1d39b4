/** Tells whether an object is a plain object or an array, with no toJSON of its own or inherited. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  const isKnown =
    prototype === Object.prototype || prototype === Array.prototype || prototype === null || isForeignRoot(prototype);
  return isKnown && typeof (value as { toJSON?: unknown }).toJSON !== 'function';
}

/** Tells whether a prototype is Object.prototype or Array.prototype of another realm (vm contexts, test runners). */
function isForeignRoot(prototype: unknown): boolean {
  const root = Array.isArray(prototype) ? Object.getPrototypeOf(prototype) : prototype;
  return Object.getPrototypeOf(root) === null && Object.hasOwn(root, 'isPrototypeOf');
}
