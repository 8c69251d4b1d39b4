-- Ends a worker's registration once its lane is empty, nothing runs and it holds no state.
-- KEYS [1] workers [2] leases [3] incarnations [4] routable [5] load [6] limits [7] breakers [8] labels [9] journal [10] keepers
--      [11] the lane's closes
-- ARGV [1] worker [2] incarnation
-- RETURNS 1, or 0 when another life is registered
-- COST O(log workers)
if redis.call('HGET', KEYS[3], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('HDEL', KEYS[5], ARGV[1])
redis.call('HDEL', KEYS[6], ARGV[1])
redis.call('HDEL', KEYS[7], ARGV[1])
redis.call('HDEL', KEYS[8], ARGV[1])
redis.call('SREM', KEYS[10], ARGV[1])
redis.call('DEL', KEYS[11])
redis.call('XADD', KEYS[9], 'MAXLEN', '~', '100000', '*', 'event', 'left', 'worker', ARGV[1])
return 1
