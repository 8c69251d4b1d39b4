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

local function older(lane, yard)
  if not lane[1] then return yard[1] end
  if not yard[1] or tonumber(lane[2]) <= tonumber(yard[2]) then return lane[1] end
  return yard[1]
end

local function start(P, worker, incarnation, id, agent, slot)
  if agent ~= '' then
    bind(P, agent, worker, 'dead')
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
    local own = redis.call('ZRANGE', lane .. ':prioritized', 0, 0, 'WITHSCORES')
    local yard = mayTakeNew and redis.call('ZRANGE', P .. 'yard', 0, 0, 'WITHSCORES') or {}
    local id = older(own, yard)
    if not id then return 0 end
    redis.call('ZREM', lane .. ':prioritized', id)
    redis.call('ZREM', P .. 'yard', id)
    local agent = agentOf(P, id)
    if redis.call('EXISTS', P .. id) == 1 then
      start(P, worker, incarnation, id, agent, slot)
      if redis.call('ZCARD', lane .. ':prioritized') > 0 then redis.call('ZADD', lane .. ':marker', 0, '0') end
      return fetched(P, id)
    end
    settle(P, agent, id, slot.sessionMs)
  end
end
