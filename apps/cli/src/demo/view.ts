import progress from 'cli-progress';
import pc from 'picocolors';
import { type Sight, waitsOf, warmShare } from './sight.js';
import { tableWidth, workersTable } from './workers-table.js';

const counted = new Intl.NumberFormat('en-US');
const glyphs = 80;

/** The live page of the demo, as text for a terminal of so many columns. */
export function page(sight: Sight, columns: number): string {
  if (columns <= tableWidth) return line(sight);
  return [workersTable(sight, columns), queueLine(sight), barLine(sight, columns)].join('\n');
}

/** One line for outputs that cannot be redrawn, or are too narrow. */
export function line({ stats, tally, perSecond }: Sight): string {
  const done = `${counted.format(tally.done)}/${counted.format(tally.total)} done`;
  return `${done}, ${Math.round(perSecond)}/s, ${warmShare(stats)} warm, waits ${waitsOf(stats.waits)}`;
}

function queueLine({ stats }: Sight): string {
  const { intake, yard, mailbox, delayed } = stats.tasks;
  const depths = { intake, yard, mailboxes: mailbox, delayed };
  const waiting = Object.entries(depths).map(([name, tasks]) => `${pc.dim(name)} ${tasks}`);
  return ` ${[...waiting, `${pc.dim('warm share')} ${warmShare(stats)}`].join('  ')}`;
}

function barLine({ tally, seconds }: Sight, columns: number): string {
  const { done, failed, refused, total } = tally;
  const share = total === 0 ? 1 : (done + failed + refused) / total;
  const text = `${Math.floor(share * 100)} %  ${counted.format(done)} of ${counted.format(total)}  ${Math.round(seconds)} s`;
  const options = {
    barsize: Math.max(10, Math.min(glyphs, columns - text.length - 4)),
    barCompleteString: '█'.repeat(glyphs),
    barIncompleteString: '░'.repeat(glyphs),
    barGlue: '',
  };
  return ` ${pc.cyan(progress.Format.BarFormat(share, options as progress.Options))} ${text}`;
}
