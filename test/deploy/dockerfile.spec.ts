import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDockerfile } from './dockerfile.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');
const dockerfile = readDockerfile();
const apps = ['dispatcher', 'worker'];

describe('Dockerfile', () => {
  it('pins its one base image', () => {
    expect(dockerfile.baseImages).toHaveLength(1);
    expect(dockerfile.baseImages[0]).toMatch(/^node:20\.\d+\.\d+-bookworm-slim$/);
  });

  it.each(dockerfile.targets)('copies into %s only what exists and is sent to the engine', (target) => {
    const paths = dockerfile.copied(target);
    const sent = read('.dockerignore').split('\n');

    expect(paths.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
    expect(paths.filter((path) => !sent.includes(`!${path}`))).toEqual([]);
  });

  it('sends nothing to the engine that it does not copy', () => {
    const copied = dockerfile.targets.flatMap((target) => dockerfile.copied(target));
    const [all, ...lines] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));

    expect(all).toBe('*');
    expect(lines.filter((line) => line.startsWith('!') && !copied.includes(line.slice(1)))).toEqual([]);
  });

  it('copies every project that the build builds', () => {
    const copied = dockerfile.copied('build');
    const projects = Object.values<{ root: string }>(JSON.parse(read('nest-cli.json')).projects);

    expect(projects.filter(({ root: folder }) => !copied.some((path) => `${folder}/`.startsWith(`${path}/`)))).toEqual(
      [],
    );
  });

  it.each(apps)('takes into %s only production packages and its own program', (app) => {
    const steps = dockerfile.instructions(app).filter(({ word }) => word === 'RUN');

    expect(steps.map(({ rest }) => rest)).toEqual([expect.stringContaining('npm ci --omit=dev')]);
    const page = app === 'dispatcher' ? ['/app/dist/apps/dashboard'] : [];
    expect(dockerfile.copied(app, 'build')).toEqual(['/app/dist/libs', `/app/dist/apps/${app}`, ...page]);
  });

  it.each(apps)('runs %s as node itself, so that signals reach it, and as nobody special', (app) => {
    const [program, file = '', ...more] = dockerfile.command(app);

    expect(program).toBe('node');
    expect(file).toBe(`dist/apps/${app}/src/main.js`);
    expect(existsSync(`${root}${file}`)).toBe(true);
    expect(more).toEqual([]);
    expect(dockerfile.last(app, 'USER')).toBe('node');
  });

  it.each(apps)('exposes the port that %s listens on, on every address of its container', (app) => {
    const { SHUNT_HTTP_HOST, SHUNT_HTTP_PORT } = dockerfile.environment(app);

    expect(SHUNT_HTTP_HOST).toBe('0.0.0.0');
    expect(dockerfile.last(app, 'EXPOSE')).toBe(SHUNT_HTTP_PORT);
  });
});
