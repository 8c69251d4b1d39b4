/** What to say of the classes that people try to send, first match wins. */
const advice: readonly (readonly [new (...args: never) => object, string])[] = [
  [Date, 'is a Date: send date.toISOString()'],
  [Map, 'is a Map: send Object.fromEntries(map)'],
  [Set, 'is a Set: send an array'],
  [Promise, 'is a Promise: await it first'],
  [RegExp, 'is a RegExp: send its source as a string'],
  [Error, 'is an Error: send its message as a string'],
  [ArrayBuffer, 'is binary: send base64 text'],
];

/** Says why a payload must not hold a value, as the rest of a sentence that begins with its path. */
export function refusalOf(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return 'is NaN or infinite, which JSON cannot say';
    case 'bigint':
      return 'is a BigInt: send it as a string';
    case 'undefined':
      return 'is undefined: send null, or leave it out';
    case 'object':
      return value === null ? 'is null' : refusalOfObject(value);
    default:
      return `is a ${typeof value}, which JSON cannot say`;
  }
}

function refusalOfObject(value: object): string {
  if (ArrayBuffer.isView(value)) return 'is binary: send base64 text';
  for (const [type, message] of advice) if (value instanceof type) return message;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return 'has a toJSON method: call it first';
  return 'is an instance of a class: send plain objects and arrays only';
}
