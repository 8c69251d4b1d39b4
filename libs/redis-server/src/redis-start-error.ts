/** No Redis could be reached or started; the message is for people and names the next command to run. */
export class RedisStartError extends Error {
  /** Stable, as in every error of Shunt: recognise the error by this and never by the message. */
  readonly code = 'STORE_UNAVAILABLE';
  readonly retryable = true;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RedisStartError';
  }
}
