/** The processes that were started here cannot go on; the message is for people and says what happened. */
export class CrewFailure extends Error {
  override name = 'CrewFailure';
}
