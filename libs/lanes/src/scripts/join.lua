-- Registers one life of a worker. What an earlier life of the same id left running goes back to its lane.
-- KEYS [1] workers [2] leases [3] incarnations [4] routable
-- ARGV [1] pool prefix [2] worker [3] incarnation [4] registration as JSON [5] lease in ms [6] slots
--      [7] the only life it may replace, '' for any [8] times a task may have been running on a worker that died,
--      '' not to count this time
-- RETURNS number of tasks an earlier life had left, -1 when another life than the given one is registered
-- COST O(tasks left)
--- @include "even-when-full"
--- @include "give-back"
--- @include "allowance"
local P, worker, incarnation = ARGV[1], ARGV[2], ARGV[3]
local known = redis.call('HGET', KEYS[3], worker)
local isNew = known ~= incarnation
if isNew and known and ARGV[7] ~= '' and known ~= ARGV[7] then return -1 end
evenWhenFull(KEYS[2])
redis.call('HSET', KEYS[1], worker, ARGV[4])
redis.call('HSET', KEYS[3], worker, incarnation)
redis.call('ZADD', KEYS[2], now() + ARGV[5], worker)
local labels = table.concat(labelPairs(cjson.decode(ARGV[4])['labels'] or {}) or {}, ',')
if labels == '' then
  redis.call('HDEL', P .. 'labels', worker)
else
  redis.call('HSET', P .. 'labels', worker, ',' .. labels .. ',')
end
admitWorker(P, worker, ARGV[6])
local left = isNew and endLife(P, worker, tonumber(ARGV[8])) or 0
if isNew then
  redis.call('XADD', P .. 'journal', 'MAXLEN', '~', '100000', '*', 'event', 'joined', 'worker', worker, 'running', left)
end
redis.call('ZADD', P .. 'yard:marker', '0', '0')
return left
