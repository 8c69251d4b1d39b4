-- Ends a task for good, releases its agent's next task and fills the slot again. Atomic: no task ends without its successor
-- released. A re-sent call is answered, not repeated. For tasks that nothing of BullMQ's depends on: no parent, no
-- children, no deduplication key, no metrics; the others end by finish.
-- KEYS [1] job hash [2] completed or failed [3] events [4] meta
-- ARGV [1] pool prefix [2] worker [3] incarnation [4] slot token [5] now in ms [6] session TTL in ms
--      [7] '0' not to fill the slot again, else what it takes (see pull) [8] task id [9] 'completed' or 'failed' [10] field of the value [11] value
--      [12] finished tasks to keep, -1 for all [13] seconds to keep them, '' for ever [14] attempts allowed
--      [15] msgpacked fields or '' [16] agents whose state the worker can hold, '' for no limit [17] slots it has
-- RETURNS -1 missing task, -2 slot lost, -100 when finish must do it, else 0 or the next task as pull does
-- COST O(log n + tasks that age out)
--- @include "leave-slot"
local P, worker, incarnation, token, id = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[8]
local nowMs, outcome, keepCount = ARGV[5], ARGV[9], tonumber(ARGV[12])
local slot = { token = token, nowMs = nowMs, sessionMs = ARGV[6], takes = ARGV[7], maxAgents = tonumber(ARGV[16]) }
slot.ends, slot.size = id, tonumber(ARGV[17])

local function removeTask(key) redis.call('DEL', key, key .. ':logs', familyOf(key)) end

-- A child's end may matter to its parent: BullMQ's own script trims those.
local function trim(ids)
  for _, old in ipairs(ids) do
    if redis.call('HEXISTS', P .. old, 'parentKey') == 0 then
      removeTask(P .. old)
      redis.call('ZREM', KEYS[2], old)
    end
  end
end

local function keep()
  redis.call('ZADD', KEYS[2], nowMs, id)
  redis.call('HSET', KEYS[1], ARGV[10], ARGV[11], 'finishedOn', nowMs)
  redis.call('HINCRBY', KEYS[1], 'atm', 1)
  if outcome == 'failed' then redis.call('HDEL', KEYS[1], 'defa') end
  if ARGV[13] ~= '' then
    trim(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', nowMs - ARGV[13] * 1000, 'LIMIT', 0, 1000))
  end
  local excess = keepCount > 0 and redis.call('ZCARD', KEYS[2]) - keepCount or 0
  if excess > 0 then trim(redis.call('ZRANGE', KEYS[2], 0, math.min(excess, 1000) - 1)) end
end

local function tell(maxEvents, attemptsMade)
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', maxEvents, '*', 'event', outcome, 'jobId', id, ARGV[10], ARGV[11],
    'prev', 'active')
  if outcome == 'failed' and attemptsMade >= tonumber(ARGV[14]) then
    redis.call('XADD', KEYS[3], '*', 'event', 'retries-exhausted', 'jobId', id, 'attemptsMade', attemptsMade)
  end
end

local state, hasFamily = slotState(P, worker, slot, id)
if state == 'done' then return refill(P, worker, incarnation, slot, ARGV[7]) end
if state ~= 'held' then return state end
if hasFamily then return -100 end

local agent = agentOf(P, id)
local meta = redis.call('HMGET', KEYS[4], 'paused', 'opts.maxLenEvents')
local attemptsMade = outcome == 'failed' and (redis.call('HGET', KEYS[1], 'atm') or 0) + 1
if keepCount == 0 then
  redis.call('DEL', KEYS[1], KEYS[1] .. ':lock', KEYS[1] .. ':logs')
else
  redis.call('DEL', KEYS[1] .. ':lock')
  if ARGV[15] ~= '' then redis.call('HSET', KEYS[1], unpack(cmsgpack.unpack(ARGV[15]))) end
  keep()
end
tell(meta[2] or 10000, attemptsMade)
local willPull = ARGV[7] ~= '0' and not meta[1]
local hand = settle(P, agent, id, slot.sessionMs, willPull and not isStraggling(slot.takes) and worker)
local pulled = willPull and pullFree(P, worker, incarnation, slot, hand) or 0
if not hasTask(pulled) then leaveSlot(P, worker, token, id) end
if not willPull then wakeSelf(P, worker) end
return pulled
