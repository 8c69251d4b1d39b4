-- The intake in order of arrival, whatever the priorities: an agent's tasks keep their order.
--- @include "admit"

-- BullMQ sorts by priority first; the low 32 bits of its score are the arrival.
local function prioritizedByArrival(P)
  local ranked = redis.call('ZRANGE', P .. 'prioritized', 0, -1, 'WITHSCORES')
  local tasks = {}
  for i = 1, #ranked, 2 do
    tasks[#tasks + 1] = { id = ranked[i], arrival = tonumber(ranked[i + 1]) % 4294967296 }
  end
  table.sort(tasks, function(a, b) return a.arrival < b.arrival end)
  return tasks
end

local function bornAt(P, id) return tonumber(redis.call('HGET', P .. id, 'timestamp') or 0) end

local function takeIntake(P, limit, nowMs)
  local prioritized = prioritizedByArrival(P)
  local taken, nextPrioritized = 0, 1
  while taken < limit do
    local first = redis.call('LINDEX', P .. 'wait', -1)
    local ranked = prioritized[nextPrioritized]
    if not first and not ranked then break end
    if ranked and (not first or bornAt(P, ranked.id) < bornAt(P, first)) then
      nextPrioritized = nextPrioritized + 1
      redis.call('ZREM', P .. 'prioritized', ranked.id)
      admit(P, ranked.id, nowMs)
    else
      redis.call('RPOP', P .. 'wait')
      admit(P, first, nowMs)
    end
    taken = taken + 1
  end
  return taken
end
