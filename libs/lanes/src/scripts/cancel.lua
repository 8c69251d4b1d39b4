-- Ends a waiting or delayed task as failed, wherever it waits, and lets its agent go on; has the worker of a running one abort
-- it. By force a running one ends at once too, while its slot and its agent stay taken until the worker lets go. Atomic: found and ended
-- in one step.
-- KEYS [1-14] as BullMQ's moveToFinished for 'failed', active being a list used by this script only
-- ARGV [1-9] as BullMQ's, token '0' [10] pool prefix [11] session TTL in ms, where the pool is told none [12] nonce of the call
--      [13] '1' when its time to start is over, which ends only one that has not started [14] the reason of one that runs [15] '1' by force
--      [16] who asks, '' where nobody does [17] why, '' when nothing was said
-- RETURNS 'cancelled', 'cancelling', 'waiting-children', 'finished', 'started', or 'missing'
-- COST O(log n), O(slots) when it runs, and O(n) of the intake when it is still there. A task of no agent that waits in no yard, mailbox
--      or intake costs O(log n) for each routable worker: it has no home, so every lane is looked at
--- @include "lanes"
--- @include "task-order"
local function bullmq()
--- @bullmq "moveToFinished"
end

-- Ends a task for BullMQ, which takes it from a list of active ones.
local function finish(P, id)
  redis.call('HSET', P .. id, 'cancelledBy', ARGV[12])
  redis.call('RPUSH', KEYS[2], '', id)
  bullmq()
  redis.call('DEL', KEYS[2])
end

local function tellCancel(P, event, id) tellTaskOrder(P, event, id, ARGV[16], ARGV[17]) end

-- The worker hears of it by its next heartbeat. A task that was told to end already is told of once.
local function cancelRunning(P, id)
  local worker = redis.call('HGET', P .. id, 'pb') or ''
  local lane = P .. 'lane:' .. worker
  local slots = redis.call('HGETALL', lane .. ':slots')
  for i = 1, #slots, 2 do
    if slots[i + 1] == id then
      local isNew = redis.call('HSET', P .. id, 'cancelling', ARGV[14]) == 1
      redis.call('SADD', lane .. ':cancels', id)
      if isNew and ARGV[15] == '' then tellCancel(P, 'cancelling', id) end
      if ARGV[15] == '' then return 'cancelling' end
      ARGV[4] = ARGV[14]
      redis.call('SET', forcedKey(P .. id), worker .. ' ' .. slots[i])
      finish(P, id)
      tellCancel(P, 'cancelled', id)
      return 'cancelled'
    end
  end
  return 'waiting-children'
end

-- The pool's session TTL; the caller's own where the pool has none.
local function sessionMs(P, own)
  local json = redis.call('HGET', P .. 'config', 'json')
  return json and cjson.decode(json)['sessionTtl'] or own
end

local P, id, isExpiry = ARGV[10], ARGV[1], ARGV[13] == '1'
if not isTask(P .. id) then return 'missing' end
local ended = redis.call('HMGET', P .. id, 'finishedOn', 'cancelledBy', 'lb', 'ats')
if ended[1] then return ended[2] == ARGV[12] and 'cancelled' or 'finished' end
if isExpiry and ended[4] then return 'started' end
local agent = agentOf(P, id)
local home = agent ~= '' and redis.call('HGET', P .. 'agent:' .. agent, 'home')
local found = redis.call('ZREM', yardOf(P, ended[3] or ''), id) + redis.call('ZREM', P .. 'delayed', id)
  + redis.call('ZREM', P .. 'prioritized', id) + redis.call('ZREM', P .. 'arrived', id)
  + redis.call('LREM', P .. 'wait', 1, id)
local mailboxed = redis.call('ZREM', P .. 'mailbox:' .. agent, id)
redis.call('DECRBY', P .. 'mailboxed', mailboxed)
found = found + mailboxed
-- Takes it out of a lane. Returns how many were there.
local function takeFrom(worker)
  withdraw(P, worker, id)
  return redis.call('ZREM', P .. 'lane:' .. worker .. ':prioritized', id)
end
if home then found = found + takeFrom(home) end
if found == 0 and agent == '' then
  for _, worker in ipairs(redis.call('HKEYS', P .. 'routable')) do
    found = found + takeFrom(worker)
  end
end
if found == 0 then return isExpiry and 'waiting-children' or cancelRunning(P, id) end
finish(P, id)
redis.call('ZREM', P .. 'parked', id)
redis.call('HDEL', P .. 'avoids', id)
redis.call('HINCRBY', P .. 'totals', isExpiry and 'finishedFailed' or 'cancelled', 1)
if not isExpiry then tellCancel(P, 'cancelled', id) end
settle(P, agent, id, sessionMs(P, ARGV[11]))
return 'cancelled'
