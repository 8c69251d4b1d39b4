-- Renews a worker's lease, reports its load, and adds what it did since its last report to the pool's totals.
-- Wakes it when it has slots to spare for what its lane holds: after a pause of the pool nobody else does.
-- A trip it reports for the first time wakes the leader. Its counts are of its process, also through lives it loses, so a report that is sent twice or lost adds nothing twice and loses nothing.
-- KEYS [1] leases [2] incarnations [3] routable [4] load [5] totals
-- ARGV [1] worker [2] incarnation [3] lease in ms [4] load as JSON [5] slots, 0 while it drains [6] pool prefix [7] number
--      of tasks it has aborted as it was told, then those, then agents whose states it has ended, each with what it was told
-- RETURNS {1, {tasks to abort}, {agents whose states are to end, each with `<fence> <reason>`}, 1 for a straggler}, the same with 2
--      when it is to end its process' life, {0} when another life is registered, {-1} when none is: Redis came back without its data
-- COST O(log workers + counters)
--- @include "allowance"
local worker, incarnation, P = ARGV[1], ARGV[2], ARGV[6]
local registered = redis.call('HGET', KEYS[2], worker)
if registered ~= incarnation then return { registered and 0 or -1 } end
redis.call('ZADD', KEYS[1], now() + ARGV[3], worker)
local allowed = ARGV[5] ~= '0' and admitWorker(P, worker, ARGV[5]) or 0

local known = cjson.decode(redis.call('HGET', KEYS[4], worker) or '{}')
local after = cjson.decode(ARGV[4])
local before = known['countsOf'] == after['countsOf'] and known or {}
local function add(name, from, to)
  if (to or 0) > (from or 0) then redis.call('HINCRBY', KEYS[5], name, to - (from or 0)) end
end
for _, name in ipairs({ 'completed', 'failed', 'postponed', 'finishedFailed', 'warm', 'cold', 'alone', 'eligibleSumMs' }) do
  add(name, before[name], after[name])
end
for i, count in ipairs(after['eligible'] or {}) do add('eligible:' .. (i - 1), (before['eligible'] or {})[i], count) end
for _, name in ipairs({ 'soft', 'strict', 'none' }) do
  local wait = (after['waits'] or {})[name] or { counts = {} }
  local from = (before['waits'] or {})[name] or { counts = {} }
  for i, count in ipairs(wait['counts']) do add('wait:' .. name .. ':' .. (i - 1), from['counts'][i], count) end
  add('wait:' .. name .. ':ms', from['sumMs'], wait['sumMs'])
end
-- A pool tells 20 task names apart, as a worker does; the workers' first 20 need not be the same.
local function runName(name)
  if name == 'other' or redis.call('HEXISTS', KEYS[5], 'run:ms:' .. name) == 1 then return name end
  if tonumber(redis.call('HGET', KEYS[5], 'runNames') or 0) >= 20 then return 'other' end
  redis.call('HINCRBY', KEYS[5], 'runNames', 1)
  return name
end
for name, run in pairs(after['runs'] or {}) do
  local from = (before['runs'] or {})[name] or { counts = {} }
  local told
  for i, count in ipairs(run['counts']) do
    if count > (from['counts'][i] or 0) then
      told = told or runName(name)
      add('run:' .. (i - 1) .. ':' .. told, from['counts'][i], count)
    end
  end
  if told then redis.call('HINCRBY', KEYS[5], 'run:ms:' .. told, run['sumMs'] - (from['sumMs'] or 0)) end
end
redis.call('HSET', KEYS[4], worker, ARGV[4])
if (after['trips'] or 0) > (before['trips'] or 0) then redis.call('ZADD', P .. 'yard:marker', '0', 'trip') end
wakeForMore(P, worker, allowed)

local lane = P .. 'lane:' .. worker
local aborted = tonumber(ARGV[7])
if aborted > 0 then redis.call('SREM', lane .. ':cancels', unpack(ARGV, 8, 7 + aborted)) end
for i = 8 + aborted, #ARGV, 2 do
  if redis.call('HGET', lane .. ':closes', ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', lane .. ':closes', ARGV[i]) end
end
local code = redis.call('GET', lane .. ':recycle') == incarnation and 2 or 1
local stragglers = redis.call('HGET', P .. 'pull', 'stragglers') or ''
local isStraggler = string.find(stragglers, ' ' .. worker .. ' ', 1, true) and 1 or 0
return { code, redis.call('SMEMBERS', lane .. ':cancels'), redis.call('HGETALL', lane .. ':closes'), isStraggler }
