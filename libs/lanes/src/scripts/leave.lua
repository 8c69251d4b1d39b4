-- Ends a worker's registration once its lane is empty, nothing runs and it holds no state.
-- KEYS [1] incarnations [2] journal
-- ARGV [1] pool prefix [2] worker [3] incarnation
-- RETURNS 1, or 0 when another life is registered
-- COST O(log workers + agents whose state it held)
--- @include "forget-worker"
if redis.call('HGET', KEYS[1], ARGV[2]) ~= ARGV[3] then return 0 end
forgetWorker(ARGV[1], ARGV[2])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', '100000', '*', 'event', 'left', 'worker', ARGV[2])
return 1
