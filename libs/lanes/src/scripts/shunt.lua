-- Takes the oldest tasks of the intake to mailboxes, lanes and the yard. Atomic: a task is in exactly one place.
-- KEYS [1] intake wait [2] intake prioritized
-- ARGV [1] pool prefix [2] limit [3] now in ms
-- RETURNS number of tasks taken
-- COST O(limit x log n), and O(p log p) of the p prioritized tasks in the intake
--- @include "admit"
local P, limit, nowMs = ARGV[1], tonumber(ARGV[2]), ARGV[3]

-- BullMQ sorts by priority first; an agent's order is by arrival, the low 32 bits of the score.
local ranked = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
local prioritized = {}
for i = 1, #ranked, 2 do
  prioritized[#prioritized + 1] = { id = ranked[i], arrival = tonumber(ranked[i + 1]) % 4294967296 }
end
table.sort(prioritized, function(a, b) return a.arrival < b.arrival end)

local function bornAt(id) return tonumber(redis.call('HGET', P .. id, 'timestamp') or 0) end

local taken, nextPrioritized = 0, 1
while taken < limit do
  local first = redis.call('LINDEX', KEYS[1], -1)
  local ranked = prioritized[nextPrioritized]
  if not first and not ranked then break end
  if ranked and (not first or bornAt(ranked.id) < bornAt(first)) then
    nextPrioritized = nextPrioritized + 1
    redis.call('ZREM', KEYS[2], ranked.id)
    admit(P, ranked.id, nowMs)
  else
    redis.call('RPOP', KEYS[1])
    admit(P, first, nowMs)
  end
  taken = taken + 1
end
return taken
