import { describe, expect, it } from 'vitest';
import { formatName, formatPath } from './path.js';

describe('formatPath', () => {
  it('writes names, indexes and odd names as code would', () => {
    expect(formatPath('input', [])).toBe('input');
    expect(formatPath('input', ['steps', 3, 'when'])).toBe('input.steps[3].when');
    expect(formatPath('input', ['two words', '__proto__', ''])).toBe('input["two words"].__proto__[""]');
  });

  it('escapes control characters and lone surrogates', () => {
    expect(formatPath('input', ['a\n\u0000', '\ud800'])).toBe('input["a\\n\\u0000"]["\\ud800"]');
  });

  it('cuts long names and shows the two ends of a deep path', () => {
    expect(formatPath('input', ['x'.repeat(2 ** 20)])).toBe(`input["${'x'.repeat(40)}..."]`);
    const deep = formatPath('input', Array(100_000).fill('a').concat('end'));
    expect(deep).toBe(`input${'.a'.repeat(8)}...${'.a'.repeat(7)}.end`);
  });
});

describe('formatName', () => {
  it('keeps identifiers and quotes the rest', () => {
    expect(formatName('priorty')).toBe('priorty');
    expect(formatName('a b')).toBe('"a b"');
  });
});
