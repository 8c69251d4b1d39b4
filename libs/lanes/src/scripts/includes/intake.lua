-- The intake in order of arrival, whatever the priorities: an agent's tasks keep their order.
--- @include "admit"

local function isEmpty(P)
  return redis.call('LLEN', P .. 'wait') == 0 and redis.call('EXISTS', P .. 'prioritized', P .. 'arrived') == 0
end

-- BullMQ sorts by priority first; the low 32 bits of its score are the arrival. Takes up to `limit` over into a set
-- sorted by arrival, which is of use only once it holds them all. Returns whether it does.
local function sortByArrival(P, limit)
  local popped = redis.call('ZPOPMIN', P .. 'prioritized', limit)
  for i = 1, #popped, 2 do redis.call('ZADD', P .. 'arrived', tonumber(popped[i + 1]) % 4294967296, popped[i]) end
  return redis.call('EXISTS', P .. 'prioritized') == 0
end

-- BullMQ numbers the jobs it names; a producer that puts its own ids has only the ms of its clock.
local function isOlder(P, id, other)
  local number, otherNumber = tonumber(id), tonumber(other)
  if number and otherNumber then return number < otherNumber end
  local function bornAt(task) return tonumber(redis.call('HGET', P .. task, 'timestamp') or 0) end
  return bornAt(id) < bornAt(other)
end

local function takeIntake(P, limit, nowMs)
  if not sortByArrival(P, 10 * limit) then return limit end
  local taken = 0
  while taken < limit do
    local waiting = redis.call('LINDEX', P .. 'wait', -1)
    local arrived = redis.call('ZRANGE', P .. 'arrived', 0, 0)[1]
    if not waiting and not arrived then break end
    if arrived and (not waiting or isOlder(P, arrived, waiting)) then
      redis.call('ZREM', P .. 'arrived', arrived)
      admit(P, arrived, nowMs)
    else
      redis.call('RPOP', P .. 'wait')
      admit(P, waiting, nowMs)
    end
    taken = taken + 1
  end
  return taken
end
