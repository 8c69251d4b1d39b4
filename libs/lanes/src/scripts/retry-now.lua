-- Puts a running task back as its agent's current one, first at its home. Atomic: the agent stays held.
-- KEYS [1] the lane's active list
-- ARGV [1] pool prefix [2] worker [3] slot token [4] task id [5] '1' to count the attempt [6] msgpacked fields or ''
-- RETURNS 0, -1 missing task, -2 slot lost
-- COST O(log n)
--- @include "leave-slot"
local P, worker, token, id = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local state = slotState(P, worker, token, id)
if state == 'done' then return 0 end
if redis.call('EXISTS', P .. id) == 0 then return -1 end
if state == 'lost' then return -2 end
redis.call('LREM', KEYS[1], 1, id)
redis.call('DEL', P .. id .. ':lock')
if ARGV[6] ~= '' then redis.call('HSET', P .. id, unpack(cmsgpack.unpack(ARGV[6]))) end
if ARGV[5] == '1' then redis.call('HINCRBY', P .. id, 'atm', 1) end
redis.call('XADD', P .. 'events', '*', 'event', 'waiting', 'jobId', id, 'prev', 'active')
leaveSlot(P, worker, token, id)
release(P, agentOf(P, id), id)
return 0
