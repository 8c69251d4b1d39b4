-- Where a pin sends an agent.
--- @include "bind"
--- @include "pins"

-- The worker an agent's current task is to go to: the one it is pinned to, to which it is bound then, else its home. False
-- for none, also while the one it insists on takes nothing. home, field: home and pin as the agent's hash has them.
local function homeFor(P, agent, home, field, labels)
  local pin = pinIn(P, agent, field)
  if not pin then return home end
  local worker = pin.worker
  if not slotsOf(P, worker) or not carries(P, worker, labels or '') then return pin.kind ~= 'strict' and home end
  if home ~= worker then
    bind(P, agent, home, worker, redis.call('HGET', P .. 'incarnations', worker) or '', labels, 'pinned')
  end
  if pin.kind == 'once' then endPin(P, agent, pin, 'moved') end
  return worker
end
