/** Handlers of a worker: by task name, `(input, ctx) => result`. Run them with SHUNT_HANDLERS=examples/handlers.mjs npm run worker. */
const met = new Map();

export default {
  greet: ({ name }, { agent }) => {
    if (agent === null) return `hello ${name}`;
    const times = (met.get(agent.id) ?? 0) + 1;
    met.set(agent.id, times);
    return `hello ${name}, for the ${times}. time, ${agent.home}`;
  },
};
