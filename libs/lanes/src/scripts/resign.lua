-- Gives the leadership up, so that another dispatcher need not wait for the lease to end.
-- KEYS [1] leader hash
-- ARGV [1] dispatcher id
-- RETURNS 1, or 0 when another dispatcher leads
-- COST O(1)
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'expiresAt', 0, 'id', '')
return 1
