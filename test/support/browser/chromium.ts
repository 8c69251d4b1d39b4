import { execFile } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chooseCacheDir, type DebianProgram, findProgram, unpackPackages } from '@shunt/redis-server';
import { type Browser, chromium as launcher } from 'playwright-core';

/** A browser that can be run, and what it needs to find its libraries and fonts. */
interface BrowserProgram {
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Folders of libraries that their packages name by absolute paths. */
const hidden = ['pulseaudio', 'nss'];

const chromium: DebianProgram = {
  title: 'Chromium',
  size: '110 MB or more',
  packages: ['chromium', 'fonts-dejavu-core'],
  needsMore: true,
  check: (root) => {
    const { path, variables } = programIn(root);
    return promisify(execFile)(path, ['--version'], { env: { ...process.env, ...variables } });
  },
};

/** Debian's Chromium: the installed one, else its package and all that this system lacks for it, unpacked into the project's cache. */
async function chromiumProgram(): Promise<BrowserProgram> {
  const installed = findProgram('chromium', process.env);
  if (installed !== null) return { path: installed, variables: {} };
  const cacheDir = chooseCacheDir(process.env, 'chromium');
  const found = await unpackPackages(chromium, cacheDir, process.env, () => undefined);
  if (found.kind === 'none') throw new Error(`no Chromium: ${found.reason}`);
  return programIn(found.value);
}

/** Starts it. */
export async function launchChromium(): Promise<Browser> {
  const { path, variables } = await chromiumProgram();
  const env = { ...(process.env as Record<string, string>), ...variables };
  return launcher.launch({ executablePath: path, args: ['--no-sandbox'], env });
}

function programIn(root: string): BrowserProgram {
  const libraries = ['usr/lib', 'lib']
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((folder) => folder.includes('-linux-'))
    .flatMap((folder) => [folder, ...hidden.map((name) => join(folder, name))]);
  const fonts = join(root, 'fonts.conf');
  if (!existsSync(fonts)) writeFileSync(fonts, fontsConf);
  const variables = { LD_LIBRARY_PATH: libraries.join(':'), FONTCONFIG_FILE: fonts };
  return { path: join(root, 'usr/lib/chromium/chromium'), variables };
}

const fontsConf =
  '<?xml version="1.0"?><fontconfig><dir>/usr/share/fonts</dir><dir prefix="relative">usr/share/fonts</dir></fontconfig>';
