-- What somebody ordered for a task, in the journal.
--- @include "lanes"
--- @include "order"

-- by: who. why: in their words, '' when nothing was said.
local function tellTaskOrder(P, event, id, by, why)
  local fields = { 'event', event, 'task', id }
  local agent = agentOf(P, id)
  if agent ~= '' then
    fields[5] = 'agent'
    fields[6] = agent
  end
  tellOrder(P .. 'journal', fields, by, why)
end
