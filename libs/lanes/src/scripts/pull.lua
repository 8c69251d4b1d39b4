-- A free slot takes the oldest task of its own lane and the yards it may take from; only when all are empty, the one of another
-- lane whose patience ended first, and its agent with it. Atomic: the task, its agent's home and the slot agree.
-- KEYS [1] the lane's prioritized set [2] yard
-- ARGV [1] pool prefix [2] worker [3] incarnation [4] slot token [5] now in ms [6] session TTL in ms
--      [7] agents whose state the worker can hold, '' for no limit [8] what it takes besides its lane (see isStraggling)
-- RETURNS {job fields, id, 0, 0, fence, 'warm'|'cold', agent key, number of sets that hold more to take, ms, number of agents
--      beyond what it can hold, who ends the agent's state before, ms it could have started}, 0 for nothing, or {0, 0, 0, ms}. ms: in how many to look again although nobody wakes the
--      worker, 0 when it need not
-- COST O(log n), and O(label sets the pool has in use) for a worker with labels
--- @include "pull"
--- @include "look-ahead"
local slot = { token = ARGV[4], nowMs = ARGV[5], sessionMs = ARGV[6], maxAgents = tonumber(ARGV[7]), takes = ARGV[8] }
slot.isFetching = true
local pulled = pull(ARGV[1], ARGV[2], ARGV[3], slot)
if hasTask(pulled) then
  pulled[8], pulled[9] = lookAhead(ARGV[1], ARGV[2], { KEYS[1], unpack(yardsOf(ARGV[1], ARGV[2], true, ARGV[8])) })
end
return pulled
