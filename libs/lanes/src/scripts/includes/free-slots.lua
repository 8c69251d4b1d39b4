-- What a worker could start at once, counted from its slots and lane and not from its reports.
--- @include "lanes"

-- slots: the worker's entry in the routable set, false when it has none.
local function freeSlots(P, worker, slots)
  if not slots then return 0 end
  local lane = P .. 'lane:' .. worker
  return slots - redis.call('HLEN', lane .. ':slots') - redis.call('ZCARD', lane .. ':prioritized')
end
