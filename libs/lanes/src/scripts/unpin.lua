-- Lets an agent's tasks go anywhere again. It stays at home until something else moves it.
-- KEYS [1] agent hash [2] workers
-- ARGV [1] pool prefix [2] agent key [3] session TTL in ms [4] nonce [5] who asks
--      [6] why, '' when nothing was said
-- RETURNS 1, 0 when it was not pinned
-- COST O(log n)
--- @include "waiting"
local P, agent = ARGV[1], ARGV[2]
local known = redis.call('HMGET', KEYS[1], 'cur', 'pin', 'asked', 'paused')
if known[3] == ARGV[4] then return 1 end
local pin = pinIn(P, agent, known[2])
if not pin then return 0 end
dropPin(P, agent)
tellAgentOrder(P, 'unpinned', agent, pin.worker, ARGV[5], ARGV[6])
redis.call('HSET', KEYS[1], 'asked', ARGV[4])
if known[1] then reroute(P, agent) else ageAgent(KEYS[1], false, known[4], ARGV[3]) end
return 1
