/** Who gives an order, and why, as the journal tells it. */
export interface Orderer {
  /** Such as the name of an API key, or `cli`, `file`, `scaler`, `sdk`. */
  readonly by: string;
  /** In their words. Defaults to nothing said. */
  readonly reason?: string | undefined;
}

/** The same, with the name of the call: sent again under it, it is answered as before and does nothing. */
export interface NamedOrderer extends Orderer {
  readonly nonce: string;
}
