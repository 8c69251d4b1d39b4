import { describe, expect, it } from 'vitest';
import { readPairs } from './pairs.js';

describe('readPairs', () => {
  it('reads names and values, with blanks around them', () => {
    expect(readPairs('gpu=a100, region = eu-1')).toEqual({ pairs: { gpu: 'a100', region: 'eu-1' } });
  });

  it.each(['', ',', 'gpu', 'gpu=', '=a100', 'gpu=a100,', 'a=b=c'])('refuses %j', (text) => {
    expect(readPairs(text)).toEqual({ problem: 'must be pairs such as name=value,other=value' });
  });

  it('refuses a name that comes twice', () => {
    expect(readPairs('gpu=a100,gpu=t4')).toEqual({ problem: 'must name each only once' });
  });
});
