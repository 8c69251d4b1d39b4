// `npm test`: installs what is missing, runs every spec with coverage, ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const report = join(root, 'coverage', 'report.json');
const summary = join(root, 'coverage', 'coverage-summary.json');

const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

if (!existsSync(join(root, 'node_modules', '.package-lock.json')) && run('npm', ['ci']) !== 0) process.exit(1);

mkdirSync(join(root, 'coverage'), { recursive: true });
rmSync(report, { force: true });
rmSync(summary, { force: true });
const status = run(process.execPath, [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--coverage',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
]);

if (!existsSync(report)) {
  console.log('the test run left no report');
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
const brokenFiles = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
const lines = existsSync(summary) ? JSON.parse(readFileSync(summary, 'utf8')).total.lines.pct : 0;
console.log(`Line coverage of libs/: ${lines} %`);
const failed = numFailedTests + brokenFiles;
const isGreen = status === 0 && failed === 0 && numPassedTests > 0;
console.log(`${numPassedTests} passed, ${isGreen ? 0 : Math.max(1, failed)} failed`);
process.exit(isGreen ? 0 : 1);
