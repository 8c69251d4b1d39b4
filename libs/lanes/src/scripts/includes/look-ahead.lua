-- What a fetch finds behind the task that it takes.
--- @include "idle-pull"
--- @include "stand-up"

-- What the worker that just filled a slot should know: number of sets that hold more for it to take, and what rest says
-- when it has a free slot and there is nothing. sets: its lane and yards.
local function lookAhead(P, worker, sets)
  local slots = slotsOf(P, worker)
  local lane = P .. 'lane:' .. worker
  local more = redis.call('EXISTS', unpack(sets))
  if redis.call('HLEN', lane .. ':slots') >= tonumber(slots or 0) then
    standUp(P, worker)
    return more, 0
  end
  if more > 0 then return more, 0 end
  local first = firstStealable(P)
  if first[1] and tonumber(first[2]) <= now() then return 1, 0 end
  return 0, (rest(P, worker, first))
end
