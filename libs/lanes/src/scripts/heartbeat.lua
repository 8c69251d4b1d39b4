-- Renews a worker's lease, reports its load, and adds what it did since its last report to the pool's totals.
-- Wakes it when it has slots to spare for what its lane holds: after a pause of the pool nobody else does.
-- Its counts are of its whole life, so a report that is sent twice or lost adds nothing twice and loses nothing.
-- KEYS [1] leases [2] incarnations [3] routable [4] load [5] totals
-- ARGV [1] worker [2] incarnation [3] lease in ms [4] load as JSON [5] slots, 0 while it drains [6] pool prefix, then the
--      tasks it has aborted as it was told
-- RETURNS {1, tasks to abort}, {0} when another life is registered, {-1} when none is: Redis came back without its data
-- COST O(log workers + counters)
--- @include "wake"
local worker, incarnation = ARGV[1], ARGV[2]
local registered = redis.call('HGET', KEYS[2], worker)
if registered ~= incarnation then return { registered and 0 or -1 } end
redis.call('ZADD', KEYS[1], now() + ARGV[3], worker)
if ARGV[5] ~= '0' then redis.call('HSET', KEYS[3], worker, ARGV[5]) end

local known = cjson.decode(redis.call('HGET', KEYS[4], worker) or '{}')
local before = known['incarnation'] == incarnation and known or {}
local after = cjson.decode(ARGV[4])
local function add(name, from, to)
  if to > (from or 0) then redis.call('HINCRBY', KEYS[5], name, to - (from or 0)) end
end
for _, name in ipairs({ 'completed', 'failed', 'finishedFailed', 'warm', 'cold', 'waitSumMs' }) do
  add(name, before[name], after[name])
end
for i, count in ipairs(after['waits']) do add('waits:' .. (i - 1), (before['waits'] or {})[i], count) end
redis.call('HSET', KEYS[4], worker, ARGV[4])
wakeForMore(ARGV[6], worker, ARGV[5])
local cancels = ARGV[6] .. 'lane:' .. worker .. ':cancels'
if #ARGV > 6 then redis.call('SREM', cancels, unpack(ARGV, 7)) end
return { 1, unpack(redis.call('SMEMBERS', cancels)) }
