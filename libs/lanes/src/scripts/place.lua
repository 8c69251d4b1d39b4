-- Gives yard tasks to the workers the strategy picked. Refused per task when it left the yard, the worker may not receive, lacks a
-- label or, unless the pool binds early, a free slot, or the task avoids it.
-- KEYS [1] leader hash [2] routable
-- ARGV [1] pool prefix [2] term [3] 'late' or 'early' [4] name of the strategy, '' for none, then task id, worker, labels key and what
--      the journal is to say of the decision, '' for nothing, of each
-- RETURNS number placed, or -1 when the term is old
-- COST O(tasks x log n)
--- @include "free-slots"
local P = ARGV[1]
if redis.call('HGET', KEYS[1], 'term') ~= ARGV[2] then return -1 end

-- By whom and why a placement was decided, for the journal.
local function decided(grounds)
  if ARGV[4] == '' then return {} end
  if grounds == '' then return { 'strategy', ARGV[4] } end
  return { 'strategy', ARGV[4], 'grounds', grounds }
end

local bindsEarly, placed = ARGV[3] == 'early', 0
for i = 5, #ARGV, 4 do
  local id, worker, labels, grounds = unpack(ARGV, i, i + 3)
  local yard = yardOf(P, labels)
  local score = redis.call('ZSCORE', yard, id)
  local slots = redis.call('HGET', KEYS[2], worker)
  local isOpen = slots and (bindsEarly or freeSlots(P, worker, slots) > 0)
  if score and isOpen and carries(P, worker, labels) and not isAvoided(P, id, worker) then
    redis.call('ZREM', yard, id)
    local agent = agentOf(P, id)
    local from = agent ~= '' and redis.call('HGET', P .. 'agent:' .. agent, 'home')
    if agent ~= '' and from ~= worker then
      bind(P, agent, from, worker, redis.call('HGET', P .. 'incarnations', worker) or '', labels, nil, decided(grounds))
    end
    toLane(P, worker, slots, agent, id, score)
    placed = placed + 1
  end
end
return placed
