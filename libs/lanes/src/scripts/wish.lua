-- Keeps how many workers somebody wishes a pool to have. Atomic: the journal tells each change once.
-- KEYS [1] scale [2] journal
-- ARGV [1] nonce of the call [2] workers, '' to leave it to the advice [3] who wishes [4] why, '' when nothing was said
-- RETURNS 1
-- COST O(1)
--- @include "order"
if redis.call('HGET', KEYS[1], 'asked') == ARGV[1] then return 1 end
local before = redis.call('HGET', KEYS[1], 'wish') or ''
redis.call('HSET', KEYS[1], 'asked', ARGV[1], 'wish', ARGV[2])
if before ~= ARGV[2] then
  tellOrder(KEYS[2], { 'event', 'scaled', 'from', before, 'to', ARGV[2] }, ARGV[3], ARGV[4])
end
return 1
