-- What a worker may receive by the word of others: fewer slots than it has under a breaker, none while an operator drains it.
--- @include "wake"

local function allowance(P, worker, slots)
  if redis.call('HEXISTS', P .. 'drained', worker) == 1 then return 0 end
  local limit = redis.call('HGET', P .. 'limits', worker)
  return math.min(tonumber(limit or slots), tonumber(slots))
end

-- Lets a worker receive with the slots it is allowed. Returns how many.
local function admitWorker(P, worker, slots)
  local allowed = allowance(P, worker, slots)
  if allowed > 0 then
    redis.call('HSET', P .. 'routable', worker, allowed)
  else
    redis.call('HDEL', P .. 'routable', worker)
  end
  return allowed
end
