-- What a worker does that is idle no more.
--- @include "stealable"

-- A worker is idle no more: another one looks in its place.
local function standUp(P, worker)
  if redis.call('ZREM', P .. 'idle', worker) == 0 then return end
  call.looksAtMs = nil
  local first = firstStealable(P)
  if first[1] then watch(P, tonumber(first[2])) end
end
