-- Takes a worker out of the routable set and its waiting tasks to the yard, oldest first. Atomic per batch.
-- KEYS [1] routable [2] the lane's prioritized set
-- ARGV [1] pool prefix [2] worker [3] limit
-- RETURNS number of tasks moved; call again until it is 0
-- COST O(limit x log n)
--- @include "lanes"
redis.call('HDEL', KEYS[1], ARGV[2])
local popped = redis.call('ZPOPMIN', KEYS[2], ARGV[3])
for i = 1, #popped, 2 do toYard(ARGV[1], popped[i], popped[i + 1]) end
return #popped / 2
