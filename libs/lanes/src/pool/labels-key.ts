/** Labels by their names. */
export type Labels = Readonly<Record<string, string>>;

/** Reads the labels of a labels key, as the scripts make it of a task's: `gpu=a100,region=eu`, percent-encoded. */
export function labelsOfKey(key: string): Labels {
  if (key === '') return {};
  const pairs = key.split(',').map((pair) => pair.split('=').map(decodeURIComponent));
  return Object.fromEntries(pairs) as Labels;
}
