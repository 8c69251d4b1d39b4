-- A free slot takes the oldest task of its own lane and the yard. Atomic: the task, its agent's home and the slot agree.
-- KEYS [1] the lane's prioritized set
-- ARGV [1] pool prefix [2] worker [3] incarnation [4] slot token [5] lock in ms [6] now in ms [7] session TTL in ms
-- RETURNS 0, or {job fields, id, 0, 0, fence, 'warm'|'cold', agent key}
-- COST O(log n)
--- @include "pull"
return pull(ARGV[1], ARGV[2], ARGV[3],
  { token = ARGV[4], lockMs = ARGV[5], nowMs = ARGV[6], sessionMs = ARGV[7] })
