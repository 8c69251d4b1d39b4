/** Readers of the page's stream, and what they got. */
export class Readers {
  private readonly gone = new AbortController();
  private read = 0;

  private constructor(readonly count: number) {}

  /** Opens as many streams. Resolves once each has had its first piece. */
  static async open(endpoint: string, count: number): Promise<Readers> {
    const readers = new Readers(count);
    await Promise.all(Array.from({ length: count }, () => readers.follow(`${endpoint}/v1/live`)));
    return readers;
  }

  /** Bytes so far, of all together. */
  get bytes(): number {
    return this.read;
  }

  /** Closes them. */
  close(): void {
    this.gone.abort();
  }

  private async follow(url: string): Promise<void> {
    const { body } = await fetch(url, { signal: this.gone.signal });
    const chunks = body?.getReader();
    const next = async () => {
      const { value, done } = (await chunks?.read()) ?? { done: true };
      this.read += value?.length ?? 0;
      return !done;
    };
    await next();
    const rest = async () => {
      while (await next());
    };
    rest().catch(() => undefined);
  }
}
