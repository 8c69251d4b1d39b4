/** A life of a worker that ended without a word. */
export interface Death {
  readonly worker: string;
  /** Where it ran: a worker that is started anew may have another id, not another host. */
  readonly host: string;
  /** When that was found, in ms since 1970. */
  readonly atMs: number;
}

/** Deaths of the workers of one host. */
export interface CrashLoop {
  readonly host: string;
  readonly deaths: number;
  /** Different minutes in which they died: all at once is one blow, and no loop. */
  readonly minutes: number;
  /** Their ids, each once. */
  readonly workers: readonly string[];
}

/** Deaths by host, the one with the most different minutes first. */
export function crashLoops(deaths: readonly Death[]): readonly CrashLoop[] {
  const hosts = [...new Set(deaths.map(({ host }) => host))];
  return hosts
    .map((host) => {
      const own = deaths.filter((death) => death.host === host);
      const minutes = new Set(own.map(({ atMs }) => Math.floor(atMs / 60_000))).size;
      return { host, deaths: own.length, minutes, workers: [...new Set(own.map(({ worker }) => worker))] };
    })
    .sort((a, b) => b.minutes - a.minutes);
}
