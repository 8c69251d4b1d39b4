/** What a producer noted of a task: texts by name. */
export type Metadata = Readonly<Record<string, string>>;

const none: Metadata = Object.freeze({});

/** The metadata in a task's options: its texts, as any producer may have written anything. */
export function taskMetadata(options: object | undefined): Metadata {
  const noted = (options as { readonly metadata?: unknown } | undefined)?.metadata;
  if (typeof noted !== 'object' || noted === null) return none;
  return Object.fromEntries(Object.entries(noted).filter(([, value]) => typeof value === 'string'));
}

/** The same of options as JSON, as the job hash holds them. */
export function taskMetadataIn(json: string | null | undefined): Metadata {
  if (!json?.includes('"metadata"')) return none;
  try {
    return taskMetadata(JSON.parse(json));
  } catch {
    return none;
  }
}
