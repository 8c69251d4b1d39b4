-- Ends tasks of a worker for good, releases their agents' next ones and fills the slots again. Atomic: no task ends without its successor
-- released. A re-sent call is answered, not repeated. For tasks that nothing of BullMQ's depends on: no parent, no
-- children, no deduplication key, no metrics; the others end by finish.
-- KEYS [1] completed [2] failed [3] events [4] meta
-- ARGV [1] pool prefix [2] worker [3] incarnation [4] now in ms [5] session TTL in ms
--      [6] agents whose state the worker can hold, '' for no limit [7] slots it has, then per task: slot token,
--      '0' not to fill the slot again, else what it takes (see pull), task id, 'completed' or 'failed', result or reason,
--      finished tasks to keep, -1 for all, seconds to keep them, '' for ever, attempts allowed, msgpacked fields or ''
-- RETURNS per task -1 missing task, -2 slot lost, -100 when finish must do it, else 0 or the next task as pull does
-- COST O(tasks x log n + tasks that age out)
--- @include "leave-slot"
local P, worker, incarnation, nowMs = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local maxAgents, size = tonumber(ARGV[6]), tonumber(ARGV[7])
local meta = redis.call('HMGET', KEYS[4], 'paused', 'opts.maxLenEvents')
local isPaused, maxEvents = meta[1], meta[2] or 10000

local function removeTask(key) redis.call('DEL', key, key .. ':logs', familyOf(key)) end

-- A child's end may matter to its parent: BullMQ's own script trims those.
local function trim(set, ids)
  for _, old in ipairs(ids) do
    if redis.call('HEXISTS', P .. old, 'parentKey') == 0 then
      removeTask(P .. old)
      redis.call('ZREM', set, old)
    end
  end
end

local function keep(id, outcome, value, count, age)
  local set, key = outcome == 'completed' and KEYS[1] or KEYS[2], P .. id
  redis.call('ZADD', set, nowMs, id)
  redis.call('HSET', key, outcome == 'completed' and 'returnvalue' or 'failedReason', value, 'finishedOn', nowMs)
  redis.call('HINCRBY', key, 'atm', 1)
  if outcome == 'failed' then redis.call('HDEL', key, 'defa') end
  if age ~= '' then trim(set, redis.call('ZRANGEBYSCORE', set, '-inf', nowMs - age * 1000, 'LIMIT', 0, 1000)) end
  local excess = count > 0 and redis.call('ZCARD', set) - count or 0
  if excess > 0 then trim(set, redis.call('ZRANGE', set, 0, math.min(excess, 1000) - 1)) end
end

local function tell(id, outcome, value, attemptsMade, attempts)
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', maxEvents, '*', 'event', outcome, 'jobId', id,
    outcome == 'completed' and 'returnvalue' or 'failedReason', value, 'prev', 'active')
  if outcome == 'failed' and attemptsMade >= tonumber(attempts) then
    redis.call('XADD', KEYS[3], '*', 'event', 'retries-exhausted', 'jobId', id, 'attemptsMade', attemptsMade)
  end
end

local function endTask(token, takes, id, outcome, value, count, age, attempts, fields)
  local slot = { token = token, nowMs = nowMs, sessionMs = ARGV[5], takes = takes, maxAgents = maxAgents, ends = id, size = size }
  call.woken[worker] = nil
  local state, hasFamily = slotState(P, worker, slot, id)
  if state == 'done' then return refill(P, worker, incarnation, slot, takes) end
  if state ~= 'held' then return state end
  if hasFamily then return -100 end
  local key = P .. id
  local attemptsMade = outcome == 'failed' and (redis.call('HGET', key, 'atm') or 0) + 1
  local agent = agentOf(P, id)
  if count == '0' then
    redis.call('DEL', key, key .. ':lock', key .. ':logs')
  else
    redis.call('DEL', key .. ':lock')
    if fields ~= '' then redis.call('HSET', key, unpack(cmsgpack.unpack(fields))) end
    keep(id, outcome, value, tonumber(count), age)
  end
  tell(id, outcome, value, attemptsMade, attempts)
  local willPull = takes ~= '0' and not isPaused
  local hand = settle(P, agent, id, slot.sessionMs, willPull and not isStraggling(takes) and worker)
  local pulled = willPull and pullFree(P, worker, incarnation, slot, hand) or 0
  if not hasTask(pulled) then leaveSlot(P, worker, token, id) end
  if not willPull then wakeSelf(P, worker) end
  return pulled
end

local reply = {}
for i = 8, #ARGV, 9 do
  reply[#reply + 1] = endTask(unpack(ARGV, i, i + 8))
end
return reply
