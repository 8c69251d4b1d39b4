const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** A count: `1,234`, `1.2M`. */
export function count(value: number): string {
  return value >= 100_000 ? compact.format(value) : whole.format(value);
}

/** A rate a second: `0.3`, `12`, `1,234`. */
export function rate(value: number): string {
  return value > 0 && value < 10 ? value.toFixed(1) : count(value);
}

/** A duration: `3 ms`, `1.4 s`, `2 min`, `3 h`. */
export function duration(ms: number | null | undefined): string {
  if (ms == null) return '-';
  if (ms < 1000) return `${ms < 10 && ms % 1 !== 0 ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

/** A share: `0 %`, `0.4 %`, `12 %`. */
export function percent(ratio: number | null | undefined): string {
  if (ratio == null) return '-';
  const value = 100 * ratio;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

/** A moment of today, local: `14:03:22`; with its day when it is of another. */
export function moment(ms: number | null | undefined): string {
  if (ms == null) return '-';
  const at = new Date(ms);
  const time = at.toLocaleTimeString('en-GB');
  return at.toDateString() === new Date().toDateString() ? time : `${at.toLocaleDateString('sv-SE')} ${time}`;
}

/** How long ago: `12 s ago`. */
export function ago(ms: number, nowMs: number): string {
  return `${duration(Math.max(0, Math.round((nowMs - ms) / 1000) * 1000))} ago`;
}

/** `1 task`, `2 tasks`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
