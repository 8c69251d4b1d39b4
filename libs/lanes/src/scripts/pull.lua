-- A free slot takes the oldest task of its own lane and the yard. Atomic: the task, its agent's home and the slot agree.
-- KEYS [1] the lane's prioritized set [2] yard
-- ARGV [1] pool prefix [2] worker [3] incarnation [4] slot token [5] now in ms [6] session TTL in ms
-- RETURNS 0, or {job fields, id, 0, 0, fence, 'warm'|'cold', agent key, number of sets that hold more to take}
-- COST O(log n)
--- @include "pull"
local pulled = pull(ARGV[1], ARGV[2], ARGV[3], { token = ARGV[4], nowMs = ARGV[5], sessionMs = ARGV[6] })
if pulled ~= 0 then pulled[8] = redis.call('EXISTS', KEYS[1], KEYS[2]) end
return pulled
