-- Registers one life of a worker. What an earlier life of the same id left running goes back to its lane. A life whose lease
-- holds is replaced by its own process only, so that no two processes run a worker's tasks at once.
-- KEYS [1] workers [2] leases [3] incarnations [4] routable
-- ARGV [1] pool prefix [2] worker [3] incarnation [4] registration as JSON [5] lease in ms [6] slots
--      [7] the life of its own process that it succeeds, '' for none [8] times a task may have been running on a worker that died,
--      '' not to count this time
-- RETURNS {1, number of tasks an earlier life had left}, or {0, ms for which another life holds the id}
-- COST O(tasks left + labels x log workers)
--- @include "give-back"
--- @include "allowance"
--- @include "carriers"
local P, worker, incarnation = ARGV[1], ARGV[2], ARGV[3]
local known = redis.call('HGET', KEYS[3], worker)
local isNew = known ~= incarnation
if isNew and known and known ~= ARGV[7] then
  -- The margin of the leader: an aborted handler takes a moment to end.
  local heldMs = tonumber(redis.call('ZSCORE', KEYS[2], worker) or 0) + ARGV[5] / 10 - now()
  if heldMs > 0 or ARGV[7] ~= '' then return { 0, math.max(0, math.ceil(heldMs)) } end
end
-- It was another process', and is over before the leader saw so.
if isNew and known and known ~= ARGV[7] and noteDeath(P, worker, known) then
  redis.call('XADD', P .. 'journal', 'MAXLEN', '~', '100000', '*', 'event', 'died', 'worker', worker, 'running',
    redis.call('HLEN', P .. 'lane:' .. worker .. ':slots'))
end
if isNew then
  redis.call('HDEL', P .. 'dying', worker)
  redis.call('HDEL', P .. 'crews', worker)
end
redis.call('HSET', KEYS[1], worker, ARGV[4])
redis.call('HSET', KEYS[3], worker, incarnation)
redis.call('ZREM', P .. 'remembered', worker)
redis.call('ZADD', KEYS[2], now() + ARGV[5], worker)
local registration = cjson.decode(ARGV[4])
setCarried(P, worker, labelPairs(registration['labels'] or {}) or {})
redis.call(registration['holdsStates'] and 'SADD' or 'SREM', P .. 'keepers', worker)
admitWorker(P, worker, ARGV[6])
local left = isNew and endLife(P, worker, tonumber(ARGV[8])) or 0
if isNew then
  redis.call('XADD', P .. 'journal', 'MAXLEN', '~', '100000', '*', 'event', 'joined', 'worker', worker, 'running', left)
end
redis.call('ZADD', P .. 'yard:marker', '0', '0')
return { 1, left }
