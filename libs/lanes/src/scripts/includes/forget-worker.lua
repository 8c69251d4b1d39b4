-- What is told of a worker goes with it, but for the word of a person, which holds when it comes back: for a week.
--- @include "lanes"

local hashesOfWorkers = { 'workers', 'incarnations', 'routable', 'load', 'limits', 'breakers', 'dying', 'crews' }
local ordersOfWorkers = { 'drained', 'orders' }
local rememberedMs = 604800000

local function forgetWorker(P, worker)
  for _, hash in ipairs(hashesOfWorkers) do redis.call('HDEL', P .. hash, worker) end
  setCarried(P, worker, {})
  redis.call('ZREM', P .. 'leases', worker)
  redis.call('SREM', P .. 'keepers', worker)
  local lane = P .. 'lane:' .. worker
  redis.call('DEL', P .. 'held:' .. worker, lane .. ':marker', lane .. ':closes', lane .. ':cancels',
    lane .. ':seen')
  for _, orders in ipairs(ordersOfWorkers) do
    if redis.call('HEXISTS', P .. orders, worker) == 1 then redis.call('ZADD', P .. 'remembered', 'NX', now(), worker) end
  end
end

-- Drops what was ordered of up to so many workers that have been gone for a week. Of one that came back it stays.
local function forgetOrders(P, limit)
  local gone = redis.call('ZRANGEBYSCORE', P .. 'remembered', '-inf', now() - rememberedMs, 'LIMIT', '0', limit)
  for _, worker in ipairs(gone) do
    for _, orders in ipairs(ordersOfWorkers) do redis.call('HDEL', P .. orders, worker) end
    redis.call('ZREM', P .. 'remembered', worker)
  end
end
