-- Drops what is still told of workers that have been dead for long: nothing is bound to them any more. And the label sets
-- of which nothing has come for so long and nothing waits.
-- KEYS [1] leases [2] incarnations [3] leader
-- ARGV [1] pool prefix [2] term [3] ms since the end of a lease [4] limit
-- RETURNS number of workers forgotten, -1 when the term is old
-- COST O(limit x log workers + label sets)
--- @include "forget-worker"
local P = ARGV[1]
if redis.call('HGET', KEYS[3], 'term') ~= ARGV[2] then return -1 end
local forgotten = 0
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now() - ARGV[3], 'LIMIT', '0', ARGV[4])) do
  if redis.call('HEXISTS', KEYS[2], worker) == 0 then
    forgetWorker(P, worker)
    forgotten = forgotten + 1
  end
end
forgetOrders(P, ARGV[4])
for _, labels in ipairs(redis.call('ZRANGEBYSCORE', P .. 'labelsets', '-inf', now() - ARGV[3])) do
  if redis.call('EXISTS', yardOf(P, labels)) == 0 then redis.call('ZREM', P .. 'labelsets', labels) end
end
return forgotten
