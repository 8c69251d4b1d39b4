import { useState } from 'react';
import type { AuditBody, JournalEntry } from '../api/types.js';
import { moment } from '../format.js';
import { useLive } from '../hooks/use-live.js';
import { useMe } from '../hooks/use-me.js';
import { usePages } from '../hooks/use-pages.js';
import { goTo, useRoute } from '../hooks/use-route.js';
import { JournalList } from '../parts/journal-list.js';
import { MoreButton } from '../parts/more-button.js';
import { Panel } from '../parts/panel.js';
import { Trouble } from '../parts/trouble.js';

const views = [
  ['rare', 'What changed'],
  ['all', 'With placements and moves'],
  ['audit', 'Who changed it'],
] as const;

/** What happened in the pool, and who changed what. */
export function EventsPage() {
  const { may } = useMe();
  const view = useRoute().query.get('view') ?? 'rare';
  return (
    <>
      <h1>Events</h1>
      <div className="tabs" role="tablist" aria-label="View">
        {views
          .filter(([name]) => name !== 'audit' || may('admin'))
          .map(([name, title]) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={name === view}
              onClick={() => goTo('events', { view: name })}
            >
              {title}
            </button>
          ))}
      </div>
      {view === 'audit' ? <Audit /> : view === 'all' ? <Journal /> : <Changes />}
    </>
  );
}

/** What the stream tells, and what was before. */
function Changes() {
  const { notable } = useLive();
  const [olderThan, setOlderThan] = useState<string | null>(null);
  const last = notable.at(-1)?.id;
  return (
    <Panel title="What changed, newest first">
      <JournalList entries={notable} empty="Nothing yet." />
      {olderThan === null ? null : <Older than={olderThan} />}
      {olderThan === null && last !== undefined ? (
        <div className="more">
          <button type="button" onClick={() => setOlderThan(last)}>
            Older
          </button>
        </div>
      ) : null}
    </Panel>
  );
}

function Older({ than }: { readonly than: string }) {
  const pages = usePages<JournalEntry>('/journal?limit=100&rare=true', 'entries', than);
  return (
    <>
      <Trouble error={pages.error} />
      <JournalList
        entries={pages.items}
        empty={pages.isLoading ? 'Looking' : 'Nothing that the journal still knows.'}
      />
      <MoreButton pages={pages} />
    </>
  );
}

function Journal() {
  const pages = usePages<JournalEntry>('/journal?limit=100', 'entries');
  return (
    <Panel title="Journal, newest first">
      <Trouble error={pages.error} />
      <JournalList entries={pages.items} empty={pages.isLoading ? 'Looking' : 'Nothing.'} />
      <MoreButton pages={pages} />
    </Panel>
  );
}

function Audit() {
  const pages = usePages<AuditBody['entries'][number]>('/audit?limit=100', 'entries');
  return (
    <Panel title="Audit, newest first">
      <Trouble error={pages.error} />
      <div className="scroll">
        <table>
          <thead>
            <tr>
              {['When', 'Who', 'Role', 'What', 'Target', 'Outcome', 'Why'].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pages.items.map(({ id, actor, role, action, target, outcome, reason }) => (
              <tr key={id}>
                <td>{moment(Number(id.split('-')[0]))}</td>
                <td>{actor}</td>
                <td>{role}</td>
                <td>{action}</td>
                <td>{target}</td>
                <td className={outcome === 'asked' ? '' : 'bad'}>{outcome}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <MoreButton pages={pages} />
    </Panel>
  );
}
