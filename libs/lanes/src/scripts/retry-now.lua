-- Puts a running task back as its agent's current one, first at its home. Atomic: the agent stays held.
-- KEYS [1] job hash
-- ARGV [1] pool prefix [2] worker [3] slot token [4] task id [5] '1' to count the attempt [6] msgpacked fields or ''
--      [7] session TTL in ms
-- RETURNS 0, -1 missing task, -2 slot lost
-- COST O(log n)
--- @include "leave-slot"
local P, worker, token, id = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local state = slotState(P, worker, { token = token, sessionMs = ARGV[7] }, id)
if state == 'done' then return 0 end
if state ~= 'held' then return state end
redis.call('DEL', KEYS[1] .. ':lock')
if ARGV[6] ~= '' then redis.call('HSET', KEYS[1], unpack(cmsgpack.unpack(ARGV[6]))) end
if ARGV[5] == '1' then redis.call('HINCRBY', KEYS[1], 'atm', 1) end
redis.call('XADD', P .. 'events', '*', 'event', 'waiting', 'jobId', id, 'prev', 'active')
leaveSlotOfAny(P, worker, token, id)
heedCancel(P, id)
release(P, agentOf(P, id), id)
return 0
