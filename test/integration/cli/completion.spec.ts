import { execFileSync } from 'node:child_process';
import { describe, expect } from 'vitest';
import { runShunt } from '../../support/cli/run-shunt.js';
import { it } from '../../support/pool-test.js';

describe('shunt completion', () => {
  it('completes commands and options in bash', async ({ pool }) => {
    const { output } = await runShunt(pool, 'completion', 'bash');
    const complete = (...words: string[]) => {
      const line = words.map((word) => `'${word}'`).join(' ');
      const test = `COMP_WORDS=(shunt ${line}); COMP_CWORD=${words.length}; _shunt; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return execFileSync('bash', ['-c', `${output}\n${test}`], { encoding: 'utf8' })
        .trim()
        .split('\n');
    };
    expect(complete('ta')).toEqual(['tasks']);
    expect(complete('tasks', '')).toEqual(expect.arrayContaining(['ls', 'get', 'explain', 'cancel', 'retry']));
    expect(complete('tasks', 'ls', '--ag')).toEqual(['--agent']);
    expect(complete('tasks', 'get', 'a~1', '--o')).toEqual(['--output']);
    expect(complete('enqueue', 'echo', '--w')).toEqual(['--wait']);
  });

  it('has zsh run the same', async ({ pool }) => {
    const { output } = await runShunt(pool, 'completion', 'zsh');
    expect(output).toContain('bashcompinit');
    expect(output).toContain('complete -F _shunt shunt');
  });
});
