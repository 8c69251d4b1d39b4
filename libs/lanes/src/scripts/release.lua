-- Takes agents from a worker that holds the state of more than it can: the least recently served whose task neither runs nor waits
-- for its retry. A task in the lane goes to the yard, as its agent will be cold wherever it runs. Atomic: an agent whose task
-- starts keeps its home.
-- KEYS [1] incarnations [2] the worker's held agents
-- ARGV [1] pool prefix [2] worker [3] incarnation [4] agents whose state it can hold
-- RETURNS what it is told of every agent whose state it is to end, flat: agent key, `<fence> <reason>`
-- COST O(excess x log n), and a look at 100 agents that cannot be let go
--- @include "waiting"
--- @include "held"
local P, worker = ARGV[1], ARGV[2]
if redis.call('HGET', KEYS[1], worker) ~= ARGV[3] then return {} end
local excess = redis.call('ZCARD', KEYS[2]) - ARGV[4]

local function letGo(agent)
  local known = redis.call('HMGET', P .. 'agent:' .. agent, 'cur', 'home')
  local isHere = known[2] == worker
  local score, labels
  if isHere and known[1] then
    score, labels = takeWaiting(P, worker, known[1])
    if not score then return 0 end
  end
  if isHere then dropState(P, agent, worker, 'evicted-state') end
  endState(P, worker, agent, nextFence(P), 'evicted')
  if score then redirect(P, agent, known[1], score, labels) end
  return 1
end

local oldest = excess > 0 and redis.call('ZRANGE', KEYS[2], '0', excess + 99) or {}
for _, agent in ipairs(oldest) do
  if excess > 0 then excess = excess - letGo(agent) end
end
return redis.call('HGETALL', P .. 'lane:' .. worker .. ':closes')
