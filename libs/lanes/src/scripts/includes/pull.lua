-- A free slot takes the oldest task of its own lane and the yard.
--- @include "lanes"

-- What BullMQ's worker expects of a fetched job, then what the lane backend adds: fence, warm or cold, agent key.
local function fetched(id, fields, agent, fence, home) return { fields, id, 0, 0, tostring(fence), home, agent } end

-- The answer to a pull that was sent again: the slot holds its task already.
local function fetchedBefore(P, id)
  local agent = agentOf(P, id)
  local known = redis.call('HMGET', P .. 'agent:' .. agent, 'fence', 'warm')
  return fetched(id, redis.call('HGETALL', P .. id), agent, known[1] or 0, known[2] or 'cold')
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

-- Binds the task's agent here. Returns the fence, and 'warm' when this life of the worker ran its previous task.
local function occupy(P, worker, incarnation, agent)
  if agent == '' then return 0, 'cold' end
  local key = P .. 'agent:' .. agent
  local known = redis.call('HMGET', key, 'home', 'fence', 'ran', 'warm')
  local life = worker .. ':' .. incarnation
  local home = known[3] == life and 'warm' or 'cold'
  local fence = known[2]
  if known[1] ~= worker then fence = bind(P, agent, known[1], worker) end
  if known[3] ~= life or known[4] ~= home then redis.call('HSET', key, 'ran', life, 'warm', home) end
  return fence, home
end

-- Marks the task running in a slot. Returns the number of tasks its worker runs now.
local function start(P, worker, id, fields, slot)
  local lane = P .. 'lane:' .. worker
  redis.call('HSET', lane .. ':slots', slot.token, id)
  redis.call('SET', P .. id .. ':lock', slot.token, 'PX', slot.lockMs)
  redis.call('HSET', P .. id, 'processedOn', slot.nowMs, 'pb', worker)
  local attempt = redis.call('HINCRBY', P .. id, 'ats', 1)
  redis.call('XADD', P .. 'events', '*', 'event', 'active', 'jobId', id, 'prev', 'waiting')
  for _, value in ipairs({ 'processedOn', slot.nowMs, 'pb', worker, 'ats', tostring(attempt) }) do
    fields[#fields + 1] = value
  end
  return redis.call('LPUSH', lane .. ':active', id)
end

-- slot: token, lockMs, nowMs, sessionMs. The slot must be free and its worker's life the registered one.
local function pullFree(P, worker, incarnation, slot)
  if redis.call('HEXISTS', P .. 'meta', 'paused') == 1 then return 0 end
  local slots = redis.call('HGET', P .. 'routable', worker)
  local lane = P .. 'lane:' .. worker
  local id = takeOldest(lane .. ':prioritized', P .. 'yard', slots)
  while id do
    local agent = agentOf(P, id)
    local fields = redis.call('HGETALL', P .. id)
    if fields[1] then
      local fence, home = occupy(P, worker, incarnation, agent)
      local running = start(P, worker, id, fields, slot)
      if running < tonumber(slots or 0) and redis.call('EXISTS', lane .. ':prioritized') == 1 then
        redis.call('ZADD', lane .. ':marker', 0, '0')
      end
      return fetched(id, fields, agent, fence, home)
    end
    settle(P, agent, id, slot.sessionMs, worker)
    id = takeOldest(lane .. ':prioritized', P .. 'yard', slots)
  end
  return 0
end

-- As pullFree, for a call that may be a second sending or from an earlier life.
local function pull(P, worker, incarnation, slot)
  local held = redis.call('HGET', P .. 'lane:' .. worker .. ':slots', slot.token)
  if held then return fetchedBefore(P, held) end
  if redis.call('HGET', P .. 'incarnations', worker) ~= incarnation then return 0 end
  return pullFree(P, worker, incarnation, slot)
end
