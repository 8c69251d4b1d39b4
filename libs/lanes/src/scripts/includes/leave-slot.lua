-- Idempotency of everything that ends a run: a token's slot says which task it holds, and for a minute which it last held.
--- @include "pull"

-- Remembers what a slot gave up. It stays marked until it holds its next task or is freed.
local function giveUp(P, worker, token, id)
  redis.call('SET', P .. 'lane:' .. worker .. ':settled:' .. token, id, 'PX', 60000)
end

local function freeSlot(P, worker, token) redis.call('HDEL', P .. 'lane:' .. worker .. ':slots', token) end

local function leaveSlot(P, worker, token, id)
  giveUp(P, worker, token, id)
  freeSlot(P, worker, token)
  redis.call('LREM', P .. 'active', 1, id)
end

-- 'held': go on; 'done': this very call was executed before; otherwise the code for the caller: -1 the task is gone,
-- -2 the slot is no longer its own. A slot whose task was removed meanwhile is freed, and its agent goes on.
local function slotState(P, worker, slot, id)
  local lane = P .. 'lane:' .. worker
  local isThere = redis.call('EXISTS', P .. id) == 1
  if redis.call('HGET', lane .. ':slots', slot.token) == id then
    if isThere then return 'held' end
    leaveSlot(P, worker, slot.token, id)
    settle(P, agentOf(P, id), id, slot.sessionMs)
    return -1
  end
  if redis.call('GET', lane .. ':settled:' .. slot.token) == id then return 'done' end
  return isThere and -2 or -1
end

-- Has the worker look for work by itself, as a slot was left free.
local function wakeSelf(P, worker)
  redis.call('ZADD', P .. 'lane:' .. worker .. ':marker', 0, '0')
  return 0
end

-- Fills a free slot again or not. Also the answer to a call that was sent again.
local function refill(P, worker, incarnation, slot, mayFetch)
  if mayFetch == '1' then return pull(P, worker, incarnation, slot) end
  return wakeSelf(P, worker)
end

-- Runs a script of BullMQ's that ends a run. It wants a lock, which may have run out while the slot was held, and takes
-- the task from a list of active ones, which lanes do not keep: it gets one, with an entry that stands for the pool's
-- other tasks, as it would tell `drained` with every task.
local function asActive(P, list, id, slot, bullmq)
  redis.call('SET', P .. id .. ':lock', slot.token, 'PX', slot.lockMs)
  redis.call('RPUSH', list, '', id)
  local code = bullmq()
  redis.call('DEL', list)
  return code
end
