import { useState } from 'react';
import type { LiveWorker } from '../api/types.js';
import { count, duration, percent, rate } from '../format.js';
import { Badge } from './badge.js';
import { WorkerLink } from './links.js';
import { SlotsBar } from './slots-bar.js';

const columns = [
  ['id', 'Worker'],
  ['state', 'State'],
  ['running', 'Slots'],
  ['waiting', 'Lane'],
  ['perSecond', 'Ends /s'],
  ['responseMs', 'Takes'],
  ['errorRatio', 'Errors'],
  ['zone', 'Zone'],
] as const satisfies readonly (readonly [keyof LiveWorker, string])[];

type Column = (typeof columns)[number][0];
const texts: ReadonlySet<string> = new Set(['id', 'state', 'zone']);

/** Workers, a row each, sorted by the column that was chosen. */
export function WorkersTable({ workers }: { readonly workers: readonly LiveWorker[] }) {
  const [by, setBy] = useState<{ column: Column; isUp: boolean }>({ column: 'id', isUp: true });
  if (workers.length === 0) return <p className="dim empty">No worker is registered.</p>;
  const choose = (column: Column) =>
    setBy((last) => ({ column, isUp: last.column === column ? !last.isUp : texts.has(column) }));
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            {columns.map(([column, title]) => (
              <th
                key={column}
                scope="col"
                className={texts.has(column) ? '' : 'number'}
                aria-sort={by.column === column ? (by.isUp ? 'ascending' : 'descending') : 'none'}
              >
                <button type="button" className="plain" onClick={() => choose(column)}>
                  {title}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(workers, by.column, by.isUp).map((one) => (
            <tr key={one.id} className={one.state === 'up' ? '' : 'off'}>
              <td>
                <WorkerLink id={one.id} />
              </td>
              <td>
                <Badge state={one.state} />
                {one.breaker === 'closed' ? null : <Badge state={one.breaker} />}
              </td>
              <td className="number">
                <SlotsBar slots={one.slots} running={one.running} waiting={0} />
              </td>
              <td className="number">{count(one.waiting)}</td>
              <td className="number">{rate(one.perSecond)}</td>
              <td className="number">{duration(one.responseMs)}</td>
              <td className={`number ${one.errorRatio > 0.05 ? 'bad' : ''}`}>{percent(one.errorRatio)}</td>
              <td>{one.zone ?? <span className="dim">-</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function sorted(workers: readonly LiveWorker[], column: Column, isUp: boolean): readonly LiveWorker[] {
  const compare = (a: LiveWorker, b: LiveWorker) => {
    const [x, y] = [a[column] ?? '', b[column] ?? ''];
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return String(x).localeCompare(String(y), 'en', { numeric: true });
  };
  return [...workers].sort((a, b) => (isUp ? compare(a, b) : compare(b, a)));
}
