-- Takes or renews the leadership of a pool. A new leader has a higher term.
-- KEYS [1] leader hash
-- ARGV [1] dispatcher id [2] lease in ms
-- RETURNS the term while this dispatcher leads, else 0
-- COST O(1)
--- @include "lanes"
local nowMs = now()
local leader = redis.call('HMGET', KEYS[1], 'id', 'expiresAt')
if leader[1] and leader[1] ~= ARGV[1] and tonumber(leader[2]) > nowMs then return 0 end
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'expiresAt', nowMs + ARGV[2])
if leader[1] == ARGV[1] then return tonumber(redis.call('HGET', KEYS[1], 'term')) end
return redis.call('HINCRBY', KEYS[1], 'term', 1)
