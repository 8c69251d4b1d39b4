-- Takes a worker out of the routable set and its tasks to the yard, oldest first, but for retries that wait for it; of a dead
-- one first what it was running, and its life ends with the last. What is in the lane of one that is not registered is a repair. Atomic per batch.
-- KEYS [1] routable [2] the lane's prioritized set [3] leader [4] leases [5] the lane's slots [6] incarnations [7] journal
-- ARGV [1] pool prefix [2] worker [3] limit [4] a leader's term, '' from another [5] ms the lease of a
--      dead worker must be over, '' for a living one [6] times a task may have been running on a worker that died
--      [7] from a worker itself its life, '' from another
-- RETURNS number of tasks moved; call again until it is 0. -1 when the term is old, the lease is not over or the life not registered
-- COST O(limit x log n), the first of a dead worker O(slots x log n) besides
--- @include "give-back"
--- @include "stand-up"
--- @include "retry"
local P, worker, term, isDead = ARGV[1], ARGV[2], ARGV[4], ARGV[5] ~= ''
if term ~= '' and redis.call('HGET', KEYS[3], 'term') ~= term then return -1 end
if ARGV[7] ~= '' and redis.call('HGET', KEYS[6], worker) ~= ARGV[7] then return -1 end
if isDead then
  local leaseUntil = redis.call('ZSCORE', KEYS[4], worker)
  if leaseUntil and leaseUntil + ARGV[5] > now() then return -1 end
end

-- A death is told once, before what leaves the lane by it: that may run elsewhere before the last batch.
local function tellDeath()
  local life = redis.call('HGET', KEYS[6], worker)
  if not life or not noteDeath(P, worker, life) then return end
  redis.call('XADD', KEYS[7], 'MAXLEN', '~', '100000', '*', 'event', 'evicted', 'worker', worker, 'reason', 'dead',
    'running', redis.call('HLEN', KEYS[5]), 'term', term)
end

if isDead then tellDeath() end
local wasRoutable = redis.call('HDEL', KEYS[1], worker) == 1
if term == '' and wasRoutable then
  redis.call('XADD', KEYS[7], 'MAXLEN', '~', '100000', '*', 'event', 'drained', 'worker', worker)
end
standUp(P, worker)
-- What it was running first: it has waited for a lease already.
local ran = isDead and endLife(P, worker, tonumber(ARGV[6])) or 0
local popped = redis.call('ZPOPMIN', KEYS[2], ARGV[3])
for i = 1, #popped, 2 do
  withdraw(P, worker, popped[i])
  leaveLane(P, popped[i], popped[i + 1])
end
local moved = #popped / 2 + ran
if not isDead or redis.call('EXISTS', KEYS[2]) == 1 then return moved end
-- The life ends last: a leader that dies before is followed by one that goes on.
redis.call('HDEL', P .. 'dying', worker)
if redis.call('HDEL', KEYS[6], worker) == 0 and moved > 0 then
  redis.call('XADD', KEYS[7], 'MAXLEN', '~', '100000', '*', 'event', 'repaired', 'worker', worker, 'reason',
    "its lane was nobody's")
end
return moved
