import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.js';

const folder = join(process.cwd(), 'docs', 'dashboard');

/** A picture: its name, its place on the page, what is there once its data is, and its size. */
interface Shot {
  readonly name: string;
  /** Asked for as the picture is taken: a demo keeps a task for a minute. */
  readonly place: string | (() => Promise<string>);
  readonly seen: string | RegExp;
  readonly width?: number;
  /** As high as the page is unless said. */
  readonly height?: number;
  readonly dark?: boolean;
  /** What is done before it is taken. */
  readonly act?: (page: Page) => Promise<void>;
}

/** `npm run generate:screenshots`: pictures of each page of the dashboard, of a demo that it starts and ends. */
async function takeAll(): Promise<void> {
  const demo = spawn('npm', ['start', '--', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const ended = once(demo, 'close');
  const browser = await launchChromium();
  try {
    const url = await addressIn(demo.stdout);
    await warmUp(browser, url);
    for (const shot of shots(url)) await take(browser, url, shot);
  } finally {
    await browser.close();
    process.kill(-(demo.pid as number), 'SIGINT');
    await ended;
  }
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const [, url] = /crash a worker, at (http:\S+?)\/?$/.exec(line) ?? [];
    if (url !== undefined) {
      output.resume();
      return url;
    }
  }
  throw new Error('The demo told no address');
}

/** Until there is something to see: agents that came back, and curves. */
async function warmUp(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(url);
  await page
    .getByText(/0\.[5-9]|[5-9]\d %/)
    .first()
    .waitFor();
  await page.waitForTimeout(30_000);
  await page.close();
}

function shots(url: string): readonly Shot[] {
  const ended = async () => {
    const answer = await fetch(`${url}/v1/tasks?state=completed&limit=1`);
    const { tasks } = (await answer.json()) as { tasks: { id: string; agentId: string }[] };
    return tasks[0] ?? { id: '', agentId: '' };
  };
  const task = async () => `tasks/${encodeURIComponent((await ended()).id)}`;
  const agent = async () => `agents/${encodeURIComponent((await ended()).agentId)}`;
  return [
    { name: 'overview', place: 'overview', seen: 'lost 0' },
    { name: 'workers', place: 'workers', seen: 'take tasks', height: 420 },
    { name: 'worker', place: 'workers/w1', seen: 'Lease until', height: 900 },
    { name: 'agents', place: 'agents', seen: 'idle', height: 600 },
    { name: 'agent', place: agent, seen: 'Where is it, and why', height: 760 },
    { name: 'tasks', place: 'tasks?state=completed', seen: 'completed', height: 500 },
    { name: 'task', place: task, seen: 'Where is it, and why', height: 600 },
    { name: 'pool', place: 'pool', seen: 'Advised by the leader', height: 900 },
    { name: 'events', place: 'events', seen: 'joined', height: 600 },
    { name: 'drain', place: 'workers/w1', seen: 'Lease until', height: 900, act: asksToDrain },
    { name: 'overview-dark', place: 'overview', seen: 'lost 0', dark: true, act: crashes },
    { name: 'overview-phone', place: 'overview', seen: 'lost 0', width: 390 },
  ];
}

async function take(browser: Browser, url: string, shot: Shot): Promise<void> {
  const { name, place, seen, width = 1440, height, dark = false, act } = shot;
  const viewport = { width, height: height ?? 900 };
  const page = await browser.newPage({ viewport, colorScheme: dark ? 'dark' : 'light' });
  await page.goto(`${url}/#/${typeof place === 'string' ? place : await place()}`);
  await page.getByRole('main').getByText(seen).first().waitFor();
  await act?.(page);
  // A chart and a rate need a few looks at the pool; a page of one thing must be quick, or it is gone.
  if (height === undefined) await page.waitForTimeout(5000);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: height === undefined });
  await page.close();
  console.log(name);
}

async function asksToDrain(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Drain w1' }).click();
  await page
    .getByRole('dialog')
    .getByText(/would|move/)
    .first()
    .waitFor();
}

async function crashes(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Crash a worker' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByText(/Worker w\d is dead/).waitFor();
}

await takeAll();
