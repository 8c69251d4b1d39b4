import { moment } from '../format.js';
import { useLive } from '../hooks/use-live.js';

/** Says across the page that what it shows is old: no stream, or no Redis. */
export function Banner() {
  const { link, lostSinceMs, problem, now } = useLive();
  if (link === 'lost')
    return (
      <div className="banner bad" role="alert">
        <strong>No connection to the dispatcher</strong> since {moment(lostSinceMs)}. {problem}; trying again. What you
        see is from before.
      </div>
    );
  if (now !== null && !now.redis.isUp)
    return (
      <div className="banner bad" role="alert">
        <strong>Redis does not answer</strong> {now.redis.sinceMs > 0 ? `since ${moment(now.redis.sinceMs)}` : ''}.
        Nothing is taken or started until it is back; the dispatcher keeps trying. Counts are from before.
      </div>
    );
  return null;
}
