-- A worker with slots to spare for what its lane holds is told to look.
--- @include "lanes"

-- Has the worker look for work by itself, as a slot was left free.
local function wakeSelf(P, worker)
  redis.call('ZADD', P .. 'lane:' .. worker .. ':marker', '0', '0')
  return 0
end

local function wakeForMore(P, worker, slots)
  local lane = P .. 'lane:' .. worker
  if redis.call('HLEN', lane .. ':slots') >= tonumber(slots or 0) then return end
  if redis.call('EXISTS', lane .. ':prioritized') == 1 then redis.call('ZADD', lane .. ':marker', '0', '0') end
end
