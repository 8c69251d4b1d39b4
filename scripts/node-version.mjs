// Imported first, for its effect: a Node that is too old ends here with one line. Plain syntax, as old ones read it too.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const numbers = (version) => version.replace(/^\D+/, '').split('.').map(Number);
const [leastMajor, leastMinor = 0] = numbers(engines.node);
const [major, minor] = numbers(process.versions.node);

if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
  console.error(
    `Shunt needs Node ${engines.node}, and this is ${process.versions.node}: see https://nodejs.org/en/download`,
  );
  process.exit(1);
}
