import type { JournalEntry } from '../api/types.js';
import { moment } from '../format.js';
import { sentenceOf } from '../journal-text.js';
import { AgentLink, WorkerLink } from './links.js';

/** What happened, a line each. */
export function JournalList({ entries, empty }: { readonly entries: readonly JournalEntry[]; readonly empty: string }) {
  if (entries.length === 0) return <p className="dim empty">{empty}</p>;
  return (
    <ol className="journal">
      {entries.map((entry) => {
        const { subject, text, level, worker, agent } = sentenceOf(entry.fields);
        return (
          <li key={entry.id} className={level}>
            <time>{moment(Number(entry.id.split('-')[0]))}</time>
            <span className="what">
              {agent ? <AgentLink id={agent} /> : worker ? <WorkerLink id={worker} /> : <b>{subject}</b>} {text}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
