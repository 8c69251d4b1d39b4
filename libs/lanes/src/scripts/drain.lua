-- Takes a worker out of the routable set by the word of an operator or a leader's scaler, or lets it receive again; also across its restarts.
-- KEYS [1] drained [2] workers [3] routable [4] journal [5] leader
-- ARGV [1] worker [2] '1' to drain, '0' to let it receive again from its next heartbeat on [3] now in ms [4] who says so
--      [5] why, '' when nothing was said [6] a leader's term, '' from another
-- RETURNS 1, -1 when there is no such worker, -2 when the term is old
-- COST O(1)
--- @include "order"
local worker, isDrain = ARGV[1], ARGV[2] == '1'
if ARGV[6] ~= '' and redis.call('HGET', KEYS[5], 'term') ~= ARGV[6] then return -2 end
if redis.call('HEXISTS', KEYS[2], worker) == 0 and redis.call('HEXISTS', KEYS[1], worker) == 0 then return -1 end
local changed
if isDrain then
  changed = redis.call('HSETNX', KEYS[1], worker, ARGV[3])
  redis.call('HDEL', KEYS[3], worker)
else
  changed = redis.call('HDEL', KEYS[1], worker)
end
if changed == 0 then return 1 end
tellOrder(KEYS[4], { 'event', isDrain and 'drained' or 'undrained', 'worker', worker }, ARGV[4], ARGV[5])
return 1
