-- Sets a worker's breaker and the slots it may use by it. Fewer hold at once, more from its next heartbeat on.
-- KEYS [1] leader [2] breakers [3] limits [4] routable [5] journal [6] totals
-- ARGV [1] pool prefix [2] term [3] worker [4] slots at most, '' for all [5] the breaker as JSON [6] state it changes to,
--      '' when it stays [7] reason of the change [8] life to be recycled, '' for none
-- RETURNS 1, -1 when the term is old
-- COST O(1)
local P, worker, limit, to = ARGV[1], ARGV[3], ARGV[4], ARGV[6]
if redis.call('HGET', KEYS[1], 'term') ~= ARGV[2] then return -1 end
local recycled = P .. 'lane:' .. worker .. ':recycle'
if ARGV[8] ~= '' and redis.call('GET', recycled) ~= ARGV[8] then
  redis.call('SET', recycled, ARGV[8], 'PX', '60000')
  redis.call('XADD', KEYS[5], 'MAXLEN', '~', '100000', '*', 'event', 'recycled', 'worker', worker, 'reason', 'stuck')
end
local isKnown = redis.call('HGET', KEYS[2], worker) == ARGV[5]
if isKnown and (redis.call('HGET', KEYS[3], worker) or '') == limit then return 1 end
redis.call('HSET', KEYS[2], worker, ARGV[5])
if limit == '' then
  redis.call('HDEL', KEYS[3], worker)
else
  redis.call('HSET', KEYS[3], worker, limit)
  local slots = redis.call('HGET', KEYS[4], worker)
  if limit == '0' then
    redis.call('HDEL', KEYS[4], worker)
  elseif slots and tonumber(slots) > tonumber(limit) then
    redis.call('HSET', KEYS[4], worker, limit)
  end
end
if to ~= '' then
  redis.call('HINCRBY', KEYS[6], 'breaker:' .. to, 1)
  redis.call('XADD', KEYS[5], 'MAXLEN', '~', '100000', '*', 'event', 'breaker', 'worker', worker, 'to', to,
    'reason', ARGV[7])
end
return 1
