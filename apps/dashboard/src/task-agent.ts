const part = '(?:[A-Za-z0-9_.-]|%[0-9A-F]{2})';
const made = new RegExp(`^(${part}*)~${part}+$`);

/** The agent that a task's id names; null for a task of none, undefined where the id was not made by Shunt and names nothing. */
export function agentOfTask(id: string): string | null | undefined {
  const [, key] = made.exec(id) ?? [];
  return key === '' ? null : agentOfKey(key);
}

/** The agent of an agent key, undefined for no key and for one that no agent has, such as `50%`, which a foreign task id may bring. */
export function agentOfKey(key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  try {
    return decodeURIComponent(key);
  } catch {
    return undefined;
  }
}
