-- A free slot takes the oldest task of its own lane and the yard.
--- @include "lanes"

-- What BullMQ's worker expects of a fetched job, then what the lane backend adds: fence, warm or cold, agent key.
local function fetched(P, id)
  local agent = agentOf(P, id)
  local fence, home = '0', 'cold'
  if agent ~= '' then
    local fields = redis.call('HMGET', P .. 'agent:' .. agent, 'fence', 'warm')
    fence, home = fields[1] or '0', fields[2] or 'cold'
  end
  return { redis.call('HGETALL', P .. id), id, 0, 0, fence, home, agent }
end

-- Takes the older of two sets' first tasks; their scores compare, being one pool's.
local function takeOldest(laneKey, yardKey, mayTakeNew)
  local own = redis.call('ZRANGE', laneKey, 0, 0, 'WITHSCORES')
  local new = mayTakeNew and redis.call('ZRANGE', yardKey, 0, 0, 'WITHSCORES') or {}
  if not own[1] and not new[1] then return nil end
  if own[1] and (not new[1] or tonumber(own[2]) <= tonumber(new[2])) then
    redis.call('ZREM', laneKey, own[1])
    return own[1]
  end
  redis.call('ZREM', yardKey, new[1])
  return new[1]
end

local function start(P, worker, incarnation, id, agent, slot)
  if agent ~= '' then
    bind(P, agent, worker)
    local key = P .. 'agent:' .. agent
    local life = worker .. ':' .. incarnation
    local warm = redis.call('HGET', key, 'ran') == life
    redis.call('HSET', key, 'ran', life, 'warm', warm and 'warm' or 'cold')
  end
  local lane = P .. 'lane:' .. worker
  redis.call('LPUSH', lane .. ':active', id)
  redis.call('HSET', lane .. ':slots', slot.token, id)
  redis.call('SET', P .. id .. ':lock', slot.token, 'PX', slot.lockMs)
  redis.call('HSET', P .. id, 'processedOn', slot.nowMs, 'pb', worker)
  redis.call('HINCRBY', P .. id, 'ats', 1)
  redis.call('XADD', P .. 'events', '*', 'event', 'active', 'jobId', id, 'prev', 'waiting')
end

-- slot: token, lockMs, nowMs, sessionMs. A token that already holds a task gets that task again.
local function pull(P, worker, incarnation, slot)
  local lane = P .. 'lane:' .. worker
  local held = redis.call('HGET', lane .. ':slots', slot.token)
  if held then return fetched(P, held) end
  if redis.call('HEXISTS', P .. 'meta', 'paused') == 1 then return 0 end
  if redis.call('HGET', P .. 'incarnations', worker) ~= incarnation then return 0 end
  local mayTakeNew = redis.call('HEXISTS', P .. 'routable', worker) == 1
  while true do
    local id = takeOldest(lane .. ':prioritized', P .. 'yard', mayTakeNew)
    if not id then return 0 end
    local agent = agentOf(P, id)
    if redis.call('EXISTS', P .. id) == 1 then
      start(P, worker, incarnation, id, agent, slot)
      if redis.call('ZCARD', lane .. ':prioritized') > 0 then redis.call('ZADD', lane .. ':marker', 0, '0') end
      return fetched(P, id)
    end
    settle(P, agent, id, slot.sessionMs)
  end
end
