-- Takes a worker out of the routable set and its waiting tasks to the yard, oldest first. Atomic per batch.
-- KEYS [1] routable [2] the lane's prioritized set [3] leader [4] leases
-- ARGV [1] pool prefix [2] worker [3] limit [4] '' from the worker itself, else the term of the leader that saw its lease expire
-- RETURNS number of tasks moved; call again until it is 0. -1 when the term is old or the lease was renewed
-- COST O(limit x log n)
--- @include "lanes"
local P, worker, term = ARGV[1], ARGV[2], ARGV[4]
if term ~= '' then
  if redis.call('HGET', KEYS[3], 'term') ~= term then return -1 end
  local leaseUntil = redis.call('ZSCORE', KEYS[4], worker)
  if leaseUntil and tonumber(leaseUntil) > now() then return -1 end
end
redis.call('HDEL', KEYS[1], worker)
local popped = redis.call('ZPOPMIN', KEYS[2], ARGV[3])
for i = 1, #popped, 2 do toYard(P, popped[i], popped[i + 1]) end
return #popped / 2
