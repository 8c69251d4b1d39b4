-- A free slot takes the oldest task of its own lane and the yards it may take from. Atomic: the task, its agent's home and the slot agree.
-- KEYS [1] the lane's prioritized set [2] yard
-- ARGV [1] pool prefix [2] worker [3] incarnation [4] slot token [5] now in ms [6] session TTL in ms
--      [7] '2' when the worker has labels
-- RETURNS 0, or {job fields, id, 0, 0, fence, 'warm'|'cold', agent key, number of sets that hold more to take}
-- COST O(log n), and O(label sets the pool has in use) for a worker with labels
--- @include "pull"
local pulled = pull(ARGV[1], ARGV[2], ARGV[3], { token = ARGV[4], nowMs = ARGV[5], sessionMs = ARGV[6], takes = ARGV[7] })
if pulled ~= 0 then pulled[8] = redis.call('EXISTS', KEYS[1], unpack(yardsOf(ARGV[1], ARGV[2], true, ARGV[7]))) end
return pulled
