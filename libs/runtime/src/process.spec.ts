import { afterEach, describe, expect, it } from 'vitest';
import { BuiltProcess } from '../../../test/support/harness/built-process.js';

let service: BuiltProcess;
const start = (name: string) => {
  service = new BuiltProcess('test/support/harness/service-process.js', [name]);
  return service;
};
afterEach(() => service.end());

describe('runProcess', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops on %s and exits with 0 when all ended by itself', async (signal) => {
    const { child } = start('clean');
    expect(await service.message()).toBe('started');
    child.kill(signal);
    expect(await service.exit()).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('stops when the parent that forked it is gone', async () => {
    const { child } = start('clean');
    await service.message();
    child.disconnect();
    expect(await service.exit()).toMatchObject({ code: 0 });
  });

  it.each([
    ['hands-back', 1, 'handed work back'],
    ['gives-up', 2, 'gave up on something'],
  ])('when a stop %s exits with %i: it %s', async (name, code) => {
    const { child } = start(name);
    await service.message();
    child.kill('SIGTERM');
    expect(await service.exit()).toMatchObject({ code, stderr: '' });
  });

  it('exits with 1 and the reason when the stop fails', async () => {
    const { child } = start('stop-fails');
    await service.message();
    child.kill('SIGTERM');
    expect(await service.exit()).toMatchObject({ code: 1, stderr: expect.stringContaining('the store is gone') });
  });

  it('exits with 1 and the reason when the service cannot go on', async () => {
    start('ends-badly');
    expect(await service.exit()).toEqual({ code: 1, stdout: '', stderr: 'lost\n' });
  });

  it('exits with 2 on a second signal', async () => {
    const { child } = start('never-stops');
    expect(await service.message()).toBe('started');
    const stopping = service.message();
    child.kill('SIGTERM');
    expect(await stopping).toBe('stopping');
    child.kill('SIGINT');
    expect(await service.exit()).toMatchObject({ code: 2 });
  });

  it('exits with 2 on the same signal over and over, however soon it comes', async () => {
    const { child } = start('told-again');
    await service.message();
    child.kill('SIGINT');
    expect(await service.exit()).toMatchObject({ code: 2 });
  });

  it('stops a service that was told to during its start, once it has started', async () => {
    const { child } = start('starts-late');
    expect(await service.message()).toBe('starting');
    child.kill('SIGTERM');
    const started = service.message();
    child.send('go on');
    expect(await started).toBe('started');
    expect(await service.exit()).toMatchObject({ code: 0 });
  });

  it('exits with 1 and a stack when the start fails', async () => {
    start('start-fails');
    expect(await service.exit()).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Error: no luck\n\s+at /) });
  });

  it('exits with 78 and no stack when the settings are wrong', async () => {
    start('bad-config');
    const stderr = 'Invalid settings:\n  SHUNT_SLOTS must be 1\n';
    expect(await service.exit()).toEqual({ code: 78, stdout: '', stderr });
  });

  it('names the settings of its address when it cannot listen', async () => {
    start('port-taken');
    const stderr = 'listen EADDRINUSE 127.0.0.1:1: set SHUNT_HTTP_HOST and SHUNT_HTTP_PORT to where it can listen\n';
    expect(await service.exit()).toEqual({ code: 1, stdout: '', stderr });
  });
});
