-- Which workers carry a label. Of each registered worker the zset `carriers` has `<name=value> <worker>` for each of its labels, of
-- score 0: those with one label are a range of it.
--- @include "bind"

-- How many of these workers one look sees.
local mostCarriersSeen = 64

-- A worker carries these labels from now on, as labelPairs has them, in place of those before: none when it is gone.
local function setCarried(P, worker, carried)
  for pair in string.gmatch(redis.call('HGET', P .. 'labels', worker) or '', '[^,]+') do
    redis.call('ZREM', P .. 'carriers', pair .. ' ' .. worker)
  end
  for _, pair in ipairs(carried) do redis.call('ZADD', P .. 'carriers', '0', pair .. ' ' .. worker) end
  if carried[1] then
    redis.call('HSET', P .. 'labels', worker, ',' .. table.concat(carried, ',') .. ',')
  else
    redis.call('HDEL', P .. 'labels', worker)
  end
end

-- The range of a label. A worker's id begins after the space.
local function carriersOf(pair) return '[' .. pair .. ' ', '(' .. pair .. '!' end

-- The label of a key that the fewest workers carry.
local function rarestOf(P, labels)
  local rarest, fewest
  for pair in string.gmatch(labels, '[^,]+') do
    local count = redis.call('ZLEXCOUNT', P .. 'carriers', carriersOf(pair))
    if not fewest or count < fewest then rarest, fewest = pair, count end
  end
  return rarest
end

-- Whether a worker beside the named ones carries all labels of a key and may receive. Sees 64 of them, of those with the rarest of the
-- labels: when none of these is one, another may be hidden behind them, and is taken for missing. A task then may run where it was
-- refused or has failed, as if all others were gone; the other way it would wait for ever where there is none.
local function hasOtherCarrier(P, labels, names, isNamed)
  local from, to = carriersOf(rarestOf(P, labels))
  local seen = mostCarriersSeen + #names
  for _, entry in ipairs(redis.call('ZRANGE', P .. 'carriers', from, to, 'BYLEX', 'LIMIT', '0', seen)) do
    local worker = string.match(entry, ' (.*)$')
    if not isNamed[worker] and slotsOf(P, worker) and carries(P, worker, labels) then return true end
  end
  return false
end
