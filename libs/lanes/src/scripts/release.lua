-- Takes agents from a worker that holds the state of more than it can: the least recently served that have no current task.
-- Atomic: one that gets a current task keeps its home.
-- KEYS [1] incarnations [2] the worker's held agents
-- ARGV [1] pool prefix [2] worker [3] incarnation [4] agents whose state it can hold
-- RETURNS what it is told of every agent whose state it is to end, flat: agent key, `<fence> <reason>`
-- COST O(excess x log n), and a look at 100 agents that have a current task
--- @include "held"
local P, worker = ARGV[1], ARGV[2]
if redis.call('HGET', KEYS[1], worker) ~= ARGV[3] then return {} end
local excess = redis.call('ZCARD', KEYS[2]) - ARGV[4]

local function letGo(agent)
  local known = redis.call('HMGET', P .. 'agent:' .. agent, 'cur', 'home')
  local isHere = known[2] == worker
  if isHere and known[1] then return 0 end
  if isHere then dropState(P, agent, worker, 'evicted-state') end
  endState(P, worker, agent, nextFence(P), 'evicted')
  return 1
end

local oldest = excess > 0 and redis.call('ZRANGE', KEYS[2], '0', excess + 99) or {}
for _, agent in ipairs(oldest) do
  if excess > 0 then excess = excess - letGo(agent) end
end
return redis.call('HGETALL', P .. 'lane:' .. worker .. ':closes')
