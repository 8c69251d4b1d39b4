-- How an agent changes hands.
--- @include "labels"
--- @include "states"

-- Slots of a worker that may receive, false for one that may not. Read once per call: no move changes it on its way.
local function slotsOf(P, worker)
  local slots = call.routable[worker]
  if slots == nil then
    slots = redis.call('HGET', P .. 'routable', worker)
    call.routable[worker] = slots
  end
  return slots
end

-- Why an agent changes hands. A living worker gives its agents up only when it drains, its breaker is open, or it had been
-- taken for dead; or it lacks labels of the agent's next task.
local function reasonToMove(P, home, worker, labels)
  if home == worker then return 'restart' end
  if slotsOf(P, home) and not carries(P, home, labels or '') then return 'labels' end
  if slotsOf(P, home) then return 'evicted' end
  if redis.call('HGET', P .. 'limits', home) == '0' then return 'breaker' end
  local leaseUntil = redis.call('ZSCORE', P .. 'leases', home)
  if not leaseUntil or tonumber(leaseUntil) > now() then return 'draining' end
  return 'dead'
end

-- Where an agent without a home was before it lost it, and why it did; nil for a new one. Told once.
local function lostHome(P, key, worker)
  local left, why = unpack(redis.call('HMGET', key, 'left', 'why'))
  if not left then return nil, 'new' end
  redis.call('HDEL', key, 'left', 'why')
  return left, left == worker and 'returned' or why
end

-- Binds an agent to one life of a worker under a higher fence and tells the journal why. labels: those of its task; why: the
-- reason if it is known; decided: more fields for the journal, nil for none. Returns the fence.
local function bind(P, agent, from, worker, incarnation, labels, why, decided)
  local fence = nextFence(P)
  local key, lost = P .. 'agent:' .. agent, nil
  if not from then from, lost = lostHome(P, key, worker) end
  local reason = why or lost or reasonToMove(P, from, worker, labels)
  if from and from ~= worker then endState(P, from, agent, fence, 'moved') end
  redis.call('HSET', key, 'home', worker, 'fence', fence, 'held', worker .. ':' .. incarnation)
  redis.call('HINCRBY', P .. 'bound', reason, 1)
  redis.call('XADD', P .. 'journal', 'MAXLEN', '~', 100000, '*', 'event', from and 'moved' or 'placed',
    'agent', agent, 'from', from or '', 'worker', worker, 'fence', fence, 'reason', reason, unpack(decided or {}))
  return fence
end
