-- Has an agent's tasks wait in its mailbox, also those that come. One that waits elsewhere goes back there, before all others;
-- one that runs ends where it is. A re-sent call is answered, not repeated.
-- KEYS [1] agent hash [2] paused
-- ARGV [1] pool prefix [2] agent key [3] who pauses it [4] nonce [5] why, '' when nothing was said
-- RETURNS 1, 0 when it was paused already
-- COST O(log n)
--- @include "waiting"
local P, agent = ARGV[1], ARGV[2]
local known = redis.call('HMGET', KEYS[1], 'cur', 'home', 'asked', 'paused')
if known[3] == ARGV[4] then return 1 end
if known[4] then return 0 end
redis.call('HSET', KEYS[1], 'paused', string.format('%.0f %s', now(), ARGV[3]), 'asked', ARGV[4])
redis.call('PERSIST', KEYS[1])
redis.call('ZADD', KEYS[2], now(), agent)
tellAgentOrder(P, 'paused', agent, known[2] or '', ARGV[3], ARGV[5])
if known[1] and takeWaiting(P, known[2], known[1]) then shelve(P, agent, known[1], atFront) end
return 1
