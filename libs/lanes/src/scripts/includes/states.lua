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

-- Workers, parted by spaces, that were told to end an agent's state and have not said that they did. named: candidates, parted by
-- spaces, or nil; but: one that is left out.
local function closersOf(P, agent, named, but)
  local closers = {}
  for worker in string.gmatch(named or '', '%S+') do
    local isOpen = worker ~= but and redis.call('HEXISTS', P .. 'lane:' .. worker .. ':closes', agent) == 1
    if isOpen then closers[#closers + 1] = worker end
  end
  return table.concat(closers, ' ')
end

-- A worker that holds states ends one at once, and the agent's next home waits for that.
local function hurryClose(P, worker, agent)
  local key = P .. 'agent:' .. agent
  if redis.call('SISMEMBER', P .. 'keepers', worker) == 0 or redis.call('EXISTS', key) == 0 then return end
  local others = closersOf(P, agent, redis.call('HGET', key, 'closers'), worker)
  redis.call('HSET', key, 'closers', others == '' and worker or others .. ' ' .. worker)
  if call.noticed[worker] then return end
  call.noticed[worker] = true
  redis.call('PUBLISH', P .. 'lane:' .. worker .. ':told', '')
end

-- Has a worker end what it holds of an agent from under a lower fence. It hears of it by its heartbeats until it has done so.
local function endState(P, worker, agent, fence, reason)
  redis.call('ZREM', P .. 'held:' .. worker, agent)
  if redis.call('HEXISTS', P .. 'incarnations', worker) == 0 then return end
  redis.call('HSET', P .. 'lane:' .. worker .. ':closes', agent, fence .. ' ' .. reason)
  hurryClose(P, worker, agent)
end
