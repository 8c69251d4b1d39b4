import { describe, expect, it } from 'vitest';
import { settings } from './settings.js';
import { unknownFlags, unknownNames } from './unknown-names.js';

const problemsOf = (...names: string[]) => unknownNames(Object.fromEntries(names.map((name) => [name, '1'])));

describe('unknownNames', () => {
  it('knows every setting and the variable of the test redis', () => {
    expect(problemsOf(...Object.keys(settings), 'SHUNT_REDIS_SERVER')).toEqual([]);
  });

  it('suggests the nearest setting', () => {
    expect(problemsOf('SHUNT_STRATGY')).toEqual([
      { field: 'SHUNT_STRATGY', message: 'is not a known setting: did you mean SHUNT_STRATEGY?' },
    ]);
  });

  it('suggests nothing where nothing is near', () => {
    expect(problemsOf('SHUNT_COFFEE_MACHINE')).toEqual([
      { field: 'SHUNT_COFFEE_MACHINE', message: 'is not a known setting' },
    ]);
  });

  it('minds only its own family', () => {
    expect(problemsOf('PATH', 'SHUNTED', 'shunt_pool', 'MY_SHUNT_POOL')).toEqual([]);
  });

  it('lets the links pass that Kubernetes sets for a service named shunt or shunt-redis', () => {
    const links = {
      SHUNT_SERVICE_HOST: '10.0.0.7',
      SHUNT_SERVICE_PORT: '7420',
      SHUNT_SERVICE_PORT_HTTP: '7420',
      SHUNT_PORT: 'tcp://10.0.0.7:7420',
      SHUNT_PORT_7420_TCP: 'tcp://10.0.0.7:7420',
      SHUNT_PORT_7420_TCP_PROTO: 'tcp',
      SHUNT_PORT_7420_TCP_PORT: '7420',
      SHUNT_PORT_7420_TCP_ADDR: '10.0.0.7',
      SHUNT_REDIS_SERVICE_HOST: '10.0.0.8',
      SHUNT_REDIS_PORT: 'tcp://10.0.0.8:6379',
      SHUNT_REDIS_PORT_6379_TCP_ADDR: '10.0.0.8',
    };
    expect(unknownNames(links)).toEqual([]);
  });

  it('takes no misspelt port for such a link', () => {
    expect(problemsOf('SHUNT_HTP_PORT')).toEqual([
      { field: 'SHUNT_HTP_PORT', message: 'is not a known setting: did you mean SHUNT_HTTP_PORT?' },
    ]);
  });

  it('leaves the flags of the CLI to the CLI', () => {
    expect(problemsOf('SHUNT_CLI_LIMTI')).toEqual([]);
  });
});

describe('unknownFlags', () => {
  const flagsOf = (...names: string[]) =>
    unknownFlags(Object.fromEntries(names.map((name) => [name, '1'])), ['SHUNT_CLI_TO', 'SHUNT_CLI_LIMIT']);

  it('minds only its own family', () => {
    expect(flagsOf('SHUNT_CLI_TO', 'SHUNT_STRATGY', 'PATH', 'SHUNT_CLI_PORT_7420_TCP')).toEqual([]);
  });

  it('suggests the nearest flag, by what tells flags apart', () => {
    expect(flagsOf('SHUNT_CLI_LIMTI', 'SHUNT_CLI_POOL')).toEqual([
      { field: 'SHUNT_CLI_LIMTI', message: 'is of no flag: did you mean SHUNT_CLI_LIMIT?' },
      { field: 'SHUNT_CLI_POOL', message: 'is of no flag' },
    ]);
  });
});
