import { describe, expect, it } from 'vitest';
import { taskMetadataIn } from './task-metadata.js';

describe('taskMetadataIn', () => {
  it.each([
    [null, {}],
    ['{"attempts":1}', {}],
    ['{"metadata":{"tenant":"t1","n":1,"of":{"a":"b"}}}', { tenant: 't1' }],
    ['{"metadata":null}', {}],
    ['{"metadata":"text"}', {}],
    ['{"metadata":["a"]}', { 0: 'a' }],
    ['{"metadata"', {}],
    ['null "metadata"', {}],
  ])('of %s are the texts in it', (json, metadata) => {
    expect(taskMetadataIn(json)).toEqual(metadata);
  });
});
