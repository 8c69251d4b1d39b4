import { describe, expect, it } from 'vitest';
import { labelsOfKey } from './labels-key.js';

describe('labelsOfKey', () => {
  it.each([
    ['', {}],
    ['gpu=a100', { gpu: 'a100' }],
    ['example.com%2Fzone=eu-1,model=a%3Db%2C%20%C3%A4', { 'example.com/zone': 'eu-1', model: 'a=b, ä' }],
  ])('reads %j', (key, labels) => {
    expect(labelsOfKey(key)).toEqual(labels);
  });
});
