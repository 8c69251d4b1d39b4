-- Drops what is still told of workers that have been dead for long: nothing is bound to them any more.
-- KEYS [1] workers [2] leases [3] incarnations [4] load [5] leader
-- ARGV [1] pool prefix [2] term [3] ms since the end of a lease [4] limit
-- RETURNS number of workers forgotten, -1 when the term is old
-- COST O(limit x log workers)
--- @include "lanes"
local P = ARGV[1]
if redis.call('HGET', KEYS[5], 'term') ~= ARGV[2] then return -1 end
local forgotten = 0
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now() - ARGV[3], 'LIMIT', '0', ARGV[4])) do
  if redis.call('HEXISTS', KEYS[3], worker) == 0 then
    redis.call('ZREM', KEYS[2], worker)
    redis.call('HDEL', KEYS[1], worker)
    redis.call('HDEL', KEYS[4], worker)
    for _, told in ipairs({ 'limits', 'breakers', 'orders', 'drained' }) do redis.call('HDEL', P .. told, worker) end
    redis.call('DEL', P .. 'lane:' .. worker .. ':marker')
    forgotten = forgotten + 1
  end
end
return forgotten
