-- Lets a failed task run again, as if it had just arrived: behind its agent's other tasks, with all its attempts. Not one that was
-- ended by force, as long as its handler goes on.
-- KEYS [1-9] as BullMQ's reprocessJob for 'failed'
-- ARGV [1-6] as BullMQ's [7] pool prefix [8] nonce of the call [9] who asks [10] why, '' when nothing was said
-- RETURNS 'retried', 'not-failed', or 'missing'
-- COST O(log n)
--- @include "lanes"
--- @include "task-order"
local function bullmq()
--- @bullmq "reprocessJob"
end

if not isTask(KEYS[1]) then return 'missing' end
if redis.call('HGET', KEYS[1], 'retriedBy') == ARGV[8] then return 'retried' end
if goesOn(ARGV[7], ARGV[1]) or bullmq() ~= 1 then return 'not-failed' end
redis.call('HDEL', KEYS[1], 'cancelledBy', 'cancelling', 'defa', 'stc', 'diedWith', 'avoids', 'late')
redis.call('HSET', KEYS[1], 'retriedBy', ARGV[8])
tellTaskOrder(ARGV[7], 'rerun', ARGV[1], ARGV[9], ARGV[10])
return 'retried'
