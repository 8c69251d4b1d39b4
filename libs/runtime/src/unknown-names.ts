import { type FieldProblem, nearestName } from '@shunt/sdk';
import { settings } from './settings.js';

/** Variables of the same family that are no settings of an app: the test and demo redis. */
const otherNames = ['SHUNT_REDIS_SERVER'];
const serviceName =
  /^SHUNT_(?:[A-Z0-9_]+_)?(?:SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)|PORT_\d+_(?:TCP|UDP|SCTP)(?:_[A-Z]+)?)$/;
const servicePort = /^SHUNT_(?:[A-Z0-9_]+_)?PORT$/;

/** Finds the SHUNT_ variables that are no setting: most are slips of the keyboard, which would else be ignored in silence. */
export function unknownNames(environment: Readonly<Record<string, string | undefined>>): FieldProblem[] {
  const known = [...Object.keys(settings), ...otherNames];
  return Object.entries(environment)
    .filter(([name, value]) => name.startsWith('SHUNT_') && !known.includes(name) && !isServiceLink(name, value))
    .map(([name]) => {
      const near = nearestName(name, known);
      return { field: name, message: `is not a known setting${near ? `: did you mean ${near}?` : ''}` };
    });
}

/** Whether Kubernetes set it, as it does in every pod of a namespace for a service whose name begins with `shunt`. */
function isServiceLink(name: string, value = ''): boolean {
  return serviceName.test(name) || (servicePort.test(name) && /^(?:tcp|udp|sctp):\/\//.test(value));
}
