-- Idempotency of everything that ends a run: a token's slot says which task it holds, and that task which one it followed there.
--- @include "pull"

-- Frees a slot, and remembers for a minute what it held: an idle worker's next slot has another token.
local function leaveSlot(P, worker, token, id)
  local lane = P .. 'lane:' .. worker
  redis.call('HDEL', lane .. ':slots', token)
  redis.call('SET', lane .. ':settled:' .. token, id, 'PX', '60000')
end

-- As leaveSlot, for a task that BullMQ may think active, as it has a deduplication key.
local function leaveSlotOfAny(P, worker, token, id)
  leaveSlot(P, worker, token, id)
  redis.call('LREM', P .. 'active', '1', id)
end

-- Frees the slot of a task that goes back to waiting.
local function putBack(P, worker, token, id)
  redis.call('DEL', P .. id .. ':lock')
  redis.call('XADD', P .. 'events', '*', 'event', 'waiting', 'jobId', id, 'prev', 'active')
  leaveSlotOfAny(P, worker, token, id)
  heedCancel(P, id)
end

-- What BullMQ keeps of a task that has or had children.
local function familyOf(key) return key .. ':dependencies', key .. ':processed', key .. ':failed', key .. ':unsuccessful' end

-- 'held': go on; 'done': this very call was executed before; otherwise the code for the caller: -1 the task is gone,
-- -2 the slot is no longer its own. A slot whose task was removed meanwhile, or ended by force, is freed, and its agent goes on: what
-- the run came to counts for nothing. Second value: whether the task has or had children.
local function slotState(P, worker, slot, id)
  local lane, key = P .. 'lane:' .. worker, P .. id
  -- A key that is named six times counts six times: more than its family can.
  local found = redis.call('EXISTS', key, key, key, key, key, key, forcedKey(key), familyOf(key))
  local isThere = found >= 6
  local held = redis.call('HGET', lane .. ':slots', slot.token)
  if held == id then
    local isOver = found % 6 > 0 and isForced(P, id, worker, slot.token)
    if isThere and not isOver then return 'held', found > 6 end
    if isOver then dropForced(P, id, worker) end
    leaveSlotOfAny(P, worker, slot.token, id)
    slot.ends = nil
    settle(P, agentOf(P, id), id, slot.sessionMs)
    return isThere and 'done' or -1
  end
  if held and redis.call('HGET', P .. held, 'follows') == id then return 'done' end
  if redis.call('GET', lane .. ':settled:' .. slot.token) == id then return 'done' end
  return isThere and -2 or -1
end

-- Fills a free slot again or not. Also the answer to a call that was sent again.
local function refill(P, worker, incarnation, slot, mayFetch)
  if mayFetch ~= '0' then return pull(P, worker, incarnation, slot) end
  return wakeSelf(P, worker)
end

-- Runs a script of BullMQ's that ends a run. It wants a lock, which BullMQ lets run out once it has renewed it, and
-- takes the task from a list of active ones, which lanes do not keep: it gets one, with an entry that stands for the pool's
-- other tasks, as it would tell `drained` with every task.
local function asActive(P, list, id, slot, bullmq)
  redis.call('SET', P .. id .. ':lock', slot.token)
  redis.call('RPUSH', list, '', id)
  local code = bullmq()
  redis.call('DEL', list)
  return code
end
