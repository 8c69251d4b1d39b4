import { type FieldProblem, nearestName } from '@shunt/sdk';
import { settings } from './settings.js';

/** Variables of the same family that are no settings of an app: the test and demo redis. */
const otherNames = ['SHUNT_REDIS_SERVER'];
const knownNames = [...Object.keys(settings), ...otherNames];
const serviceName =
  /^SHUNT_(?:[A-Z0-9_]+_)?(?:SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)|PORT_\d+_(?:TCP|UDP|SCTP)(?:_[A-Z]+)?)$/;
const servicePort = /^SHUNT_(?:[A-Z0-9_]+_)?PORT$/;

/** Finds the SHUNT_ variables that are no setting: most are slips of the keyboard, which would else be ignored in silence. */
export function unknownNames(environment: Readonly<Record<string, string | undefined>>): FieldProblem[] {
  return Object.entries(environment)
    .filter(([name, value]) => name.startsWith('SHUNT_') && !knownNames.includes(name) && !isServiceLink(name, value))
    .map(([name]) => ({ field: name, message: unknownSetting(name, knownNames) }));
}

/** What is said of a name that is no setting. */
export function unknownSetting(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return `is not a known setting${near ? `: did you mean ${near}?` : ''}`;
}

/** Whether Kubernetes set it, as it does in every pod of a namespace for a service whose name begins with `shunt`. */
function isServiceLink(name: string, value = ''): boolean {
  return serviceName.test(name) || (servicePort.test(name) && /^(?:tcp|udp|sctp):\/\//.test(value));
}
