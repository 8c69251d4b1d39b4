-- Arrival numbers of a pool, in the order of arrival and without gaps.
--- @include "call"

-- Has the next so many numbers of this call be drawn by one command.
local function reserveNumbers(P, count) call.number, call.reserved = redis.call('INCRBY', P .. 'seq', count) - count, count end

local function nextNumber(P)
  if call.reserved == 0 then reserveNumbers(P, 1) end
  call.number, call.reserved = call.number + 1, call.reserved - 1
  return call.number
end

-- Gives back what was reserved and not drawn.
local function returnNumbers(P)
  if call.reserved > 0 then redis.call('DECRBY', P .. 'seq', call.reserved) end
end
