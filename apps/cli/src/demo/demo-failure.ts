/** The demo cannot go on; the message is for people and says what happened. */
export class DemoFailure extends Error {
  override name = 'DemoFailure';
}
