import { type FieldProblem, nearestName } from '@shunt/sdk';
import { settings } from './settings.js';

/** Variables of the same family that are no settings of an app: the test and demo redis. */
const otherNames = ['SHUNT_REDIS_SERVER'];
const knownNames = [...Object.keys(settings), ...otherNames];
const serviceName =
  /^SHUNT_(?:[A-Z0-9_]+_)?(?:SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)|PORT_\d+_(?:TCP|UDP|SCTP)(?:_[A-Z]+)?)$/;
const servicePort = /^SHUNT_(?:[A-Z0-9_]+_)?PORT$/;

/** Variables of the CLI's flags begin so: the CLI knows which there are, and to others they mean nothing. */
const ofFlags = 'SHUNT_CLI_';

/** Variables, as `process.env` has them. */
type Variables = Readonly<Record<string, string | undefined>>;

/** Finds the SHUNT_ variables that are no setting: most are slips of the keyboard, which would else be ignored in silence. */
export function unknownNames(environment: Variables): FieldProblem[] {
  return namesIn(environment, 'SHUNT_')
    .filter((name) => !knownNames.includes(name) && !name.startsWith(ofFlags))
    .map((name) => ({ field: name, message: unknownSetting(name, knownNames) }));
}

/** Finds the SHUNT_CLI_ variables that are of no flag. */
export function unknownFlags(environment: Variables, known: readonly string[]): FieldProblem[] {
  const flags = known.map((name) => name.slice(ofFlags.length));
  return namesIn(environment, ofFlags)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearestName(name.slice(ofFlags.length), flags);
      return { field: name, message: `is of no flag${near ? `: did you mean ${ofFlags}${near}?` : ''}` };
    });
}

/** What is said of a name that is no setting. */
export function unknownSetting(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return `is not a known setting${near ? `: did you mean ${near}?` : ''}`;
}

function namesIn(environment: Variables, prefix: string): string[] {
  return Object.entries(environment)
    .filter(([name, value]) => name.startsWith(prefix) && !isServiceLink(name, value))
    .map(([name]) => name);
}

/** Whether Kubernetes set it, as it does in every pod of a namespace for a service whose name begins with `shunt`. */
function isServiceLink(name: string, value = ''): boolean {
  return serviceName.test(name) || (servicePort.test(name) && /^(?:tcp|udp|sctp):\/\//.test(value));
}
