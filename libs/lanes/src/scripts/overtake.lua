-- The workers that held an agent's state had their time to end it: nobody waits for them any more.
-- KEYS [1] the agent
-- ARGV [1] fence under which it was waited for
-- RETURNS 1, or 0 when the agent has changed hands since, or nobody was waited for
-- COST O(1)
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
return redis.call('HDEL', KEYS[1], 'closers')
