-- Renews a worker's lease and reports its load.
-- KEYS [1] leases [2] incarnations [3] routable [4] load
-- ARGV [1] worker [2] incarnation [3] lease in ms [4] load as JSON
-- RETURNS 1, or 0 when this life is no longer the registered one
-- COST O(log workers)
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[3], ARGV[1])
redis.call('HSET', KEYS[3], ARGV[1], 'up')
redis.call('HSET', KEYS[4], ARGV[1], ARGV[4])
return 1
