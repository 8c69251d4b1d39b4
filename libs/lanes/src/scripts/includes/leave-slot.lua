-- Idempotency of everything that ends a run: a token's slot says which task it holds, and for a minute which it last held.
--- @include "pull"

-- 'held': go on; 'done': this very call was executed before; 'lost': the slot is no longer ours.
local function slotState(P, worker, token, id)
  local lane = P .. 'lane:' .. worker
  if redis.call('HGET', lane .. ':slots', token) == id then return 'held' end
  if redis.call('GET', lane .. ':settled:' .. token) == id then return 'done' end
  return 'lost'
end

local function leaveSlot(P, worker, token, id)
  local lane = P .. 'lane:' .. worker
  redis.call('HDEL', lane .. ':slots', token)
  redis.call('SET', lane .. ':settled:' .. token, id, 'PX', 60000)
end

-- Fills the slot again, or leaves it free and has the worker look for work by itself.
local function refill(P, worker, incarnation, slot, mayFetch)
  if mayFetch == '1' then return pull(P, worker, incarnation, slot) end
  redis.call('ZADD', P .. 'lane:' .. worker .. ':marker', 0, '0')
  return 0
end
