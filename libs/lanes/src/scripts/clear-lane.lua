-- Gives tasks that wait in a worker's lane to others, by an operator's word: they go to the yard and avoid the worker. What a pin or
-- `retryOn` wants there stays, as does what nobody else may run. A re-sent call is answered, not repeated.
-- KEYS [1] the lane's prioritized set [2] workers [3] routable [4] journal [5] answer of the call
-- ARGV [1] pool prefix [2] worker [3] '1' only to tell what would move [4] who says so
--      [5] why, '' when nothing was said, then task ids
-- RETURNS {tasks moved, tasks that stay}, {-1, 0} when there is no such worker
-- COST O(tasks x log n)
--- @include "retry"
--- @include "order"
local P, worker, isDryRun = ARGV[1], ARGV[2], ARGV[3] == '1'
local known = redis.call('GET', KEYS[5])
if known then return cmsgpack.unpack(known) end
if redis.call('HEXISTS', KEYS[2], worker) == 0 then return { -1, 0 } end
local hasOthers = redis.call('HLEN', KEYS[3]) > redis.call('HEXISTS', KEYS[3], worker)

local function isPinnedHere(agent)
  local field = agent ~= '' and redis.call('HGET', P .. 'agent:' .. agent, 'pin')
  local pin = field and readPin(field)
  return pin and pin.worker == worker and (pin.untilMs == 0 or pin.untilMs > now())
end

local function isRetryForHome(id)
  local job = redis.call('HMGET', P .. id, 'atm', 'opts')
  return (tonumber(job[1]) or 0) > 0 and retryOnIn(job[2]) == 'home'
end

local function move(id, score)
  redis.call('ZREM', KEYS[1], id)
  withdraw(P, worker, id)
  local names = avoidedWith(P, id, worker)
  setAvoided(P, id, names)
  redis.call('HSET', P .. 'avoids', id, table.concat(names, ' '))
  toYard(P, id, score, redis.call('HGET', P .. id, 'lb'))
end

local moved, stay = 0, 0
for i = 6, #ARGV do
  local id = ARGV[i]
  local score = redis.call('ZSCORE', KEYS[1], id)
  if score and (not hasOthers or isPinnedHere(agentOf(P, id)) or isRetryForHome(id) or not isOneLeft(P, id, { worker })) then
    stay = stay + 1
  elseif score then
    moved = moved + 1
    if not isDryRun then move(id, score) end
  end
end
if isDryRun then return { moved, stay } end
if moved > 0 then
  tellOrder(KEYS[4], { 'event', 'cleared', 'worker', worker, 'tasks', moved }, ARGV[4], ARGV[5])
end
redis.call('SET', KEYS[5], cmsgpack.pack({ moved, stay }), 'PX', '60000')
return { moved, stay }
