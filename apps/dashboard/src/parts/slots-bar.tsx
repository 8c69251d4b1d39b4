/** How many of a worker's slots run, and what waits behind them. */
export function SlotsBar({
  slots,
  running,
  waiting,
}: {
  readonly slots: number;
  readonly running: number;
  readonly waiting: number;
}) {
  const share = slots > 0 ? Math.min(1, running / slots) : 0;
  return (
    <span className="slots-bar">
      <meter min={0} max={Math.max(1, slots)} value={running} aria-label={`${running} of ${slots} slots run a task`}>
        {running} of {slots}
      </meter>
      <span className="track" aria-hidden="true">
        <span className={`fill ${share === 1 ? 'full' : ''}`} style={{ width: `${share * 100}%` }} />
      </span>
      <span className="figures">
        {running}/{slots}
        {waiting > 0 ? <em> +{waiting}</em> : null}
      </span>
    </span>
  );
}
