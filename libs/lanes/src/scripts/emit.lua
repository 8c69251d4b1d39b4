-- Tells values that a running task's handler emits, in order, to whoever follows the task: events `data` of the pool's stream.
-- Atomic: a batch is told whole and once, and none by a run whose task is no longer its own.
-- KEYS [1] job hash [2] the lane's slots [3] events [4] meta
-- ARGV [1] task id [2] slot token [3] ms of the worker's clock when this run began [4] number of the batch within the run, from 1, then the
--      values as JSON
-- RETURNS 1, also when the batch was told before; -2 when the task is no longer this run's
-- FLAGS none: a full Redis takes no more
-- COST O(values)
if redis.call('HGET', KEYS[2], ARGV[2]) ~= ARGV[1] then return -2 end
local known = redis.call('HMGET', KEYS[1], 'processedOn', 'emitted', 'finishedOn')
if known[1] ~= ARGV[3] or known[3] then return -2 end
local run, batch = string.match(known[2] or '', '^(%d+) (%d+)$')
if run == ARGV[3] and tonumber(batch) >= tonumber(ARGV[4]) then return 1 end
redis.call('HSET', KEYS[1], 'emitted', ARGV[3] .. ' ' .. ARGV[4])
local maxEvents = redis.call('HGET', KEYS[4], 'opts.maxLenEvents') or 10000
for i = 5, #ARGV do
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', maxEvents, '*', 'event', 'data', 'jobId', ARGV[1], 'value', ARGV[i])
end
return 1
