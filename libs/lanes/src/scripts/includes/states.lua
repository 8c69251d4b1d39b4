-- What a worker is told of agents whose states it need not hold any more.
--- @include "clock"

-- A number above every one given before, as text. It is at least the ms since 1970 times 1024, so that it also grows when
-- Redis came back with older data or with none.
local function nextFence(P)
  local last = tonumber(redis.call('GET', P .. 'fence') or '0')
  local fence = string.format('%.0f', math.max(last + 1, now() * 1024))
  redis.call('SET', P .. 'fence', fence)
  return fence
end

-- Has a worker end what it holds of an agent from under a lower fence. It hears of it by its heartbeats until it has done so.
local function endState(P, worker, agent, fence, reason)
  redis.call('ZREM', P .. 'held:' .. worker, agent)
  if redis.call('HEXISTS', P .. 'incarnations', worker) == 0 then return end
  redis.call('HSET', P .. 'lane:' .. worker .. ':closes', agent, fence .. ' ' .. reason)
end
