-- Puts a running task back as its agent's current one: first at its home, a failed attempt's retry where `retryOn` says.
-- Atomic: the agent stays held.
-- KEYS [1] job hash
-- ARGV [1] pool prefix [2] worker [3] slot token [4] task id [5] '1' to count the attempt [6] msgpacked fields or ''
--      [7] session TTL in ms
-- RETURNS 0, -1 missing task, -2 slot lost
-- COST O(log n)
--- @include "leave-slot"
--- @include "retry"
local P, worker, token, id = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local state = slotState(P, worker, { token = token, sessionMs = ARGV[7] }, id)
if state == 'done' then return 0 end
if state ~= 'held' then return state end
if ARGV[6] ~= '' then redis.call('HSET', KEYS[1], unpack(cmsgpack.unpack(ARGV[6]))) end
putBack(P, worker, token, id)
local agent = agentOf(P, id)
if ARGV[5] ~= '1' then
  release(P, agent, id)
  return 0
end
redis.call('HINCRBY', KEYS[1], 'atm', 1)
noteFailure(P, agent, id, worker)
retry(P, agent, id, now())
return 0
