import { z } from 'zod';
import type { LiveFeed } from '../../live/live-feed.js';
import { type Route, route } from '../route.js';

/** The stream that the dashboard lives on. */
export function liveRoute(feed: LiveFeed): Route {
  return route({
    method: 'GET',
    path: '/live',
    access: 'viewer',
    tag: 'pool',
    summary: 'How the pool does, once a second',
    about:
      'An event `all` with depths, rates, workers, the last ten minutes and what happened; then `tick` with what is another. A reader that is too slow gets `all` again.',
    answers: { 200: { about: 'Events; data is JSON', media: 'text/event-stream', type: z.string() } },
    handle: async () => ({ events: (signal) => feed.events(signal) }),
  });
}
