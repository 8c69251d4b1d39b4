import type { ReactNode } from 'react';

/** One figure, with what it is and what belongs to it. */
export function Tile({
  label,
  value,
  note,
  level = 'plain',
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
  readonly level?: 'plain' | 'good' | 'warn' | 'bad';
}) {
  return (
    <div className={`tile ${level}`}>
      <dt>{label}</dt>
      <dd>
        <strong>{value}</strong>
        {note === undefined ? null : <span className="note">{note}</span>}
      </dd>
    </div>
  );
}
