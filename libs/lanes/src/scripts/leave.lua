-- Ends a worker's registration once its lane is empty, its handlers have ended and it holds no state. What is in its slots all the same,
-- as its end or its pull was not heard, goes to others: that is no death.
-- KEYS [1] incarnations [2] journal
-- ARGV [1] pool prefix [2] worker [3] incarnation
-- RETURNS 1, or 0 when another life is registered
-- COST O(log workers + agents whose state it held), and O(log n) for each task in a slot
--- @include "forget-worker"
--- @include "give-back"
if redis.call('HGET', KEYS[1], ARGV[2]) ~= ARGV[3] then return 0 end
forgetWorker(ARGV[1], ARGV[2])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', '100000', '*', 'event', 'left', 'worker', ARGV[2])
endLife(ARGV[1], ARGV[2])
return 1
