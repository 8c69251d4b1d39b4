import type { Finding } from '../findings.js';

/** What is wrong, the worst first, each with where to act; or that all is well. */
export function FindingList({ findings, fine }: { readonly findings: readonly Finding[]; readonly fine: string }) {
  if (findings.length === 0)
    return (
      <p className="verdict good" role="status">
        <strong>All is well.</strong> {fine}
      </p>
    );
  return (
    <ul className="findings" aria-label="What is wrong">
      {findings.map(({ level, title, detail, href, action }) => (
        <li key={title} className={level}>
          <div>
            <strong>{title}</strong>
            <p>{detail}</p>
          </div>
          <a className="button" href={href}>
            {action}
          </a>
        </li>
      ))}
    </ul>
  );
}
