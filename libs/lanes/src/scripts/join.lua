-- Registers one life of a worker. What an earlier life of the same id left running goes back to its lane.
-- KEYS [1] workers [2] leases [3] incarnations [4] routable
-- ARGV [1] pool prefix [2] worker [3] incarnation [4] registration as JSON [5] lease in ms [6] slots
-- RETURNS number of tasks an earlier life had left
-- COST O(tasks left)
--- @include "lanes"
local P, worker = ARGV[1], ARGV[2]
local lane = P .. 'lane:' .. worker
local left = {}
if redis.call('HGET', KEYS[3], worker) ~= ARGV[3] then
  left = redis.call('HVALS', lane .. ':slots')
  redis.call('DEL', lane .. ':slots', lane .. ':before')
end
redis.call('HSET', KEYS[1], worker, ARGV[4])
redis.call('HSET', KEYS[3], worker, ARGV[3])
redis.call('ZADD', KEYS[2], now() + ARGV[5], worker)
redis.call('HSET', KEYS[4], worker, ARGV[6])
for _, id in ipairs(left) do
  redis.call('DEL', P .. id .. ':lock')
  redis.call('LREM', P .. 'active', 1, id)
  release(P, agentOf(P, id), id)
end
redis.call('ZADD', P .. 'yard:marker', '0', '0')
return #left
