-- Renews a worker's lease and reports its load.
-- KEYS [1] leases [2] incarnations [3] routable [4] load
-- ARGV [1] worker [2] incarnation [3] lease in ms [4] load as JSON [5] slots, 0 while it drains
-- RETURNS 1, or 0 when this life is no longer the registered one
-- COST O(log workers)
--- @include "lanes"
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('ZADD', KEYS[1], now() + ARGV[3], ARGV[1])
redis.call('HSET', KEYS[4], ARGV[1], ARGV[4])
if ARGV[5] ~= '0' then redis.call('HSET', KEYS[3], ARGV[1], ARGV[5]) end
return 1
