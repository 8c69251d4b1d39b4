-- Lets a paused agent go on: the oldest task of its mailbox goes on its way at once. A re-sent call is answered, not repeated.
-- KEYS [1] agent hash [2] paused
-- ARGV [1] pool prefix [2] agent key [3] who resumes it [4] session TTL in ms [5] nonce
--      [6] why, '' when nothing was said
-- RETURNS 1, 0 when it was not paused
-- COST O(log n)
--- @include "waiting"
local P, agent = ARGV[1], ARGV[2]
local known = redis.call('HMGET', KEYS[1], 'cur', 'home', 'asked', 'paused')
if known[3] == ARGV[5] then return 1 end
if not known[4] then return 0 end
redis.call('HDEL', KEYS[1], 'paused')
redis.call('HSET', KEYS[1], 'asked', ARGV[5])
redis.call('ZREM', KEYS[2], agent)
tellAgentOrder(P, 'resumed', agent, known[2] or '', ARGV[3], ARGV[6])
if known[1] then return 1 end
-- As if a task had just ended.
redis.call('HSET', KEYS[1], 'cur', '')
settle(P, agent, '', ARGV[4])
return 1
