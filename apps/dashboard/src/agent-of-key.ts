/** The agent of an agent key, undefined for no key and for one that no agent has, such as `%FF`, which a foreign task id may bring. */
export function agentOfKey(key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  try {
    return decodeURIComponent(key);
  } catch {
    return undefined;
  }
}
