import type { Pages } from '../hooks/use-pages.js';

/** Fetches the next page of a list, while there is one. */
export function MoreButton({ pages }: { readonly pages: Pages<unknown> }) {
  if (!pages.hasMore) return null;
  return (
    <div className="more">
      <button type="button" onClick={pages.more}>
        More
      </button>
    </div>
  );
}
