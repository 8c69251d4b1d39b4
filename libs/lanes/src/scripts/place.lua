-- Gives yard tasks to the workers the strategy picked. Refused per task when it left the yard, the worker has no free slot, or
-- the task avoids it.
-- KEYS [1] leader hash [2] yard [3] routable
-- ARGV [1] pool prefix [2] term, then pairs of task id and worker
-- RETURNS number placed, or -1 when the term is old
-- COST O(tasks x log n)
--- @include "free-slots"
local P = ARGV[1]
if redis.call('HGET', KEYS[1], 'term') ~= ARGV[2] then return -1 end
local placed = 0
for i = 3, #ARGV, 2 do
  local id, worker = ARGV[i], ARGV[i + 1]
  local score = redis.call('ZSCORE', KEYS[2], id)
  local slots = redis.call('HGET', KEYS[3], worker)
  if score and freeSlots(P, worker, slots) > 0 and not isAvoided(P, id, worker) then
    redis.call('ZREM', KEYS[2], id)
    local agent = agentOf(P, id)
    local from = agent ~= '' and redis.call('HGET', P .. 'agent:' .. agent, 'home')
    if agent ~= '' and from ~= worker then
      bind(P, agent, from, worker, redis.call('HGET', P .. 'incarnations', worker) or '')
    end
    toLane(P, worker, slots, id, score)
    placed = placed + 1
  end
end
return placed
