import type { ScaleStatus } from '@shunt/lanes';

/** How a pool would stand after a wish, and what that would do. */
export interface ScalePlan extends ScaleStatus {
  /** In a few words. */
  readonly would: string;
}

/** Says what a wish for so many workers would do, `auto` to leave it to the advice. */
export function scalePlan(status: ScaleStatus, workers: number | 'auto'): ScalePlan {
  const wished = workers === 'auto' ? null : workers;
  return { ...status, wished, target: wished ?? status.desired, would: effect(status, wished) };
}

function effect({ workers, wished: before, desired, hasScaler }: ScaleStatus, wished: number | null): string {
  const asBefore = 'nothing would change';
  if (wished === null)
    return before === null
      ? `Nobody wishes: ${asBefore}.`
      : `The wish for ${before} would end; the advice is ${desired}.`;
  if (wished === before) return `That is the wish already: ${asBefore}.`;
  const more = wished - workers;
  if (more === 0) return `As many workers receive now; the advice is ${desired}.`;
  const change =
    more > 0
      ? `${more} would be started`
      : `${-more} would be drained, those with fewest agents first, and stopped once they have nothing left`;
  const unlessNobody = hasScaler ? '' : ' if a scaler ran, and none does';
  return `Of workers, ${change}${unlessNobody}; ${workers} receive now, and the advice is ${desired}.`;
}
