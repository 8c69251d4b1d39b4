// Runs one command of a preparation, and never outlives it: a signal ends both at once, the next run starts over.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Resolves when a command has ended well. Otherwise this process ends: with its output if it was quiet, and code 1.
 *
 * @param options cwd; isQuiet keeps the output back unless the command fails
 */
export async function runStep(command, args, { cwd, isQuiet = false }) {
  const stdio = ['ignore', isQuiet ? 'pipe' : 'inherit', isQuiet ? 'pipe' : 'inherit'];
  const child = spawn(command, args, { cwd, stdio });
  const output = [];
  child.stdout?.on('data', (chunk) => output.push(chunk));
  child.stderr?.on('data', (chunk) => output.push(chunk));
  const onSignal = (signal) => {
    child.kill('SIGKILL');
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of signals) process.on(signal, onSignal);
  const problem = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? null : `ended with ${signal ?? code}`));
  });
  for (const signal of signals) process.off(signal, onSignal);
  if (problem === null) return;
  process.stderr.write(Buffer.concat(output));
  console.error(`${command} ${args.join(' ')}: ${problem}`);
  process.exit(1);
}
