import { afterEach } from 'vitest';
import { Command, type CommandOptions } from './command.js';

/** Starts commands for the tests of a file; what a test leaves running is killed after it, and fails it. */
export function commands(): (words: readonly string[], options?: CommandOptions) => Command {
  const started: Command[] = [];
  afterEach(async () => {
    const left = started.splice(0).flatMap((command) => {
      const members = command.family.members();
      command.family.kill();
      return members.map(({ pid, command: line }) => `${pid} ${line}`);
    });
    if (left.length > 0) throw new Error(`the test left running:\n${left.join('\n')}`);
  });
  return (words, options) => {
    const command = Command.start(words, options);
    started.push(command);
    return command;
  };
}
