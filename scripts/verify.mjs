// `npm run verify`: everything that CI runs. Ends with `N passed, N failed`, of the tests, or of the checks if one fails.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

/** Names of package.json's scripts. */
const checks = ['lint', 'lint:boundaries', 'lint:purity', 'generate:check', 'typecheck'];

const isFine = (command, ...args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;

await prepare();
const failed = checks.filter((name) => !isFine('npm', 'run', name));
if (failed.length > 0) {
  console.log(`These checks failed, so no test ran: ${failed.join(', ')}`);
  console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
  process.exit(1);
}
process.exit(isFine(process.execPath, join(root, 'scripts', 'test.mjs')) ? 0 : 1);
