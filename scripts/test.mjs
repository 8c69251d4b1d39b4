// `npm test`: installs and builds what is missing, runs every spec with coverage, ends with `N passed, N failed`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

/** Least line coverage of libs/, in percent. */
const leastCoverage = 90;
const report = join(root, 'coverage', 'report.json');
const summary = join(root, 'coverage', 'coverage-summary.json');

await prepare();
mkdirSync(join(root, 'coverage'), { recursive: true });
rmSync(report, { force: true });
rmSync(summary, { force: true });

const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const child = spawn(process.execPath, [vitest, 'run', '--coverage', ...reporters], { cwd: root, stdio: 'inherit' });
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (status) => tell(status ?? 1));

function tell(status) {
  if (!existsSync(report)) {
    console.log('the test run left no report');
    finish(0, 1);
  }
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const isBroken = ({ status: outcome, assertionResults }) => outcome === 'failed' && assertionResults.length === 0;
  const problems = [numFailedTests, testResults.filter(isBroken).length, numPendingTests];
  if (problems.every((count) => count === 0)) problems.push(isCovered() ? 0 : 1);
  const failed = problems.reduce((sum, count) => sum + count, 0);
  finish(numPassedTests, failed === 0 && (status !== 0 || numPassedTests === 0) ? 1 : failed);
}

/** Tells the line coverage, which vitest measures only when every test passed. */
function isCovered() {
  const coverage = existsSync(summary) ? JSON.parse(readFileSync(summary, 'utf8')).total.lines.pct : 0;
  console.log(`Line coverage of libs/: ${coverage} % (at least ${leastCoverage} %)`);
  return coverage >= leastCoverage;
}

function finish(passed, failed) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
