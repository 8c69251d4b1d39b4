-- Takes due tasks out of the delayed set: a retry where `retryOn` says, anything else as if it had just arrived.
-- A retry that somebody removed meanwhile lets its agent go on when it would have been due.
-- KEYS [1] delayed [2] parked
-- ARGV [1] pool prefix [2] limit [3] now in ms, '' for Redis' time [4] session TTL in ms
-- RETURNS {number promoted, ms until the next task is due, -1 when there is none}
-- COST O(limit x log n)
--- @include "admit"
--- @include "retry"
local P, limit, sessionMs = ARGV[1], tonumber(ARGV[2]), ARGV[4]
local nowMs = ARGV[3] == '' and now() or tonumber(ARGV[3])

local function isCurrent(agent, id) return agent == '' or redis.call('HGET', P .. 'agent:' .. agent, 'cur') == id end

local function promote(id)
  redis.call('ZREM', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
  if redis.call('EXISTS', P .. id) == 0 then return settle(P, agentOf(P, id), id, sessionMs) end
  local agent = agentOf(P, id)
  if isCurrent(agent, id) and awaitsHome(P, agent, id) then return park(P, id, nowMs + 1000) end
  redis.call('HSET', P .. id, 'delay', 0)
  redis.call('XADD', P .. 'events', '*', 'event', 'waiting', 'jobId', id, 'prev', 'delayed')
  if redis.call('HEXISTS', P .. id, 'ss') == 1 and isCurrent(agent, id) then return release(P, agent, id) end
  admit(P, id, nowMs)
end

-- A parked task that is not due was removed, or promoted or delayed further by hand.
local function unpark(id)
  local dueAt = redis.call('ZSCORE', KEYS[1], id)
  if dueAt then return redis.call('ZADD', KEYS[2], math.floor(dueAt / 4096), id) end
  redis.call('ZREM', KEYS[2], id)
  if redis.call('EXISTS', P .. id) == 0 then settle(P, agentOf(P, id), id, sessionMs) end
end

local due = redis.call('ZRANGEBYSCORE', KEYS[1], 0, (nowMs + 1) * 4096 - 1, 'LIMIT', 0, limit)
for _, id in ipairs(due) do promote(id) end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], 0, nowMs, 'LIMIT', 0, limit)) do unpark(id) end
countArrivals(P)
local nextDue = redis.call('ZRANGE', KEYS[1], '0', '0', 'WITHSCORES')
return { #due, nextDue[2] and math.max(0, math.floor(tonumber(nextDue[2]) / 4096) - nowMs) or -1 }
