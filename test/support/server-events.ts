/** One event as it was sent. */
export interface ReadEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** Reads a stream of server-sent events until it ends. */
export async function* readEvents(reply: Response): AsyncGenerator<ReadEvent> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of reply.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
      if (fields.id !== undefined)
        yield { id: fields.id, event: fields.event ?? '', data: JSON.parse(fields.data ?? 'null') };
    }
  }
}

/** The events up to the first of a name. */
export async function eventsUntil(reply: Response, name: string): Promise<ReadEvent[]> {
  const seen: ReadEvent[] = [];
  for await (const event of readEvents(reply)) {
    seen.push(event);
    if (event.event === name) break;
  }
  return seen;
}
