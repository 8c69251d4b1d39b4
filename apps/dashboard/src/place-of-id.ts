/** Where in the page that is shown which an id names: a worker that is known, a task, whose id has its agent's before a tilde, or an agent. */
export function placeOfId(id: string, workers: readonly string[]): string {
  const page = workers.includes(id) ? 'workers' : id.includes('~') ? 'tasks' : 'agents';
  return `#/${page}/${encodeURIComponent(id)}`;
}
