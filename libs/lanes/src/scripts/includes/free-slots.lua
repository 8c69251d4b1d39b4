-- What a worker could start at once, counted from its lists and not from its reports.
--- @include "lanes"

-- slots: the worker's entry in the routable set, false when it has none.
local function freeSlots(P, worker, slots)
  if not slots then return 0 end
  local lane = P .. 'lane:' .. worker
  return slots - redis.call('LLEN', lane .. ':active') - redis.call('ZCARD', lane .. ':prioritized')
end
