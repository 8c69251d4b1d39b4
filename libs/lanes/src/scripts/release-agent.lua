-- Takes an agent from its home, which is told to end what it holds of it. A task that waits goes to the yard, or where the
-- agent is pinned; one that runs ends where it is. A re-sent call is answered, not repeated.
-- KEYS [1] agent hash [2] workers
-- ARGV [1] pool prefix [2] agent key [3] nonce [4] who asks [5] why, '' when nothing was said
-- RETURNS 1, 0 when it had no home
-- COST O(log n)
--- @include "waiting"
--- @include "held"
local P, agent = ARGV[1], ARGV[2]
local known = redis.call('HMGET', KEYS[1], 'cur', 'home', 'asked')
local id, home = known[1], known[2]
if known[3] == ARGV[3] then return 1 end
if not home then return 0 end
local score, labels
if id then score, labels = takeWaiting(P, home, id) end
dropState(P, agent, home, 'released')
endState(P, home, agent, nextFence(P), 'released')
redis.call('HSET', KEYS[1], 'asked', ARGV[3])
tellAgentOrder(P, 'released', agent, home, ARGV[4], ARGV[5])
if score then redirect(P, agent, id, score, labels) end
return 1
