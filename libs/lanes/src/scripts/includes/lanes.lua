-- The steps every move is made of: who owns a task, where a current task goes, what follows a settled one.
-- P is the pool's key prefix (`shunt:{agents}:`); every key built from it lies in the pool's one hash slot.
--- @include "labels"
--- @include "avoid"
--- @include "stealable"
--- @include "states"

-- Whether a key is a job hash: an id that somebody asks for may name any other key of the pool.
local function isTask(key)
  return redis.call('TYPE', key)['ok'] == 'hash' and redis.call('HEXISTS', key, 'name') == 1
end

-- The agent key in a task id, nil for an id that Shunt did not make: keys are percent-encoded, so `repeat:s~1:5` has none.
local function agentInId(id) return string.match(id, '^([%w_.%%-]*)~') end

-- The agent key of a task, '' for none: from its id, or as the shunt remembered it for a foreign id, whose job hash
-- somebody may remove.
local function agentOf(P, id) return agentInId(id) or redis.call('HGET', P .. 'owners', id) or '' end

local function forgetOwner(P, id)
  if not agentInId(id) then redis.call('HDEL', P .. 'owners', id) end
end

-- A task that was told to end while it ran is failed by who takes it next, without running it.
local function heedCancel(P, id)
  if redis.call('HEXISTS', P .. id, 'cancelling') == 1 then redis.call('HSET', P .. id, 'defa', 'cancelled while it ran') end
end

-- Whether this script has woken a dispatcher to look at the yard: a batch wakes it once.
local isYardTold = false

-- Puts a current task into the yard of its labels and wakes a dispatcher. labels: its key, false or nil for none.
local function toYard(P, id, score, labels)
  redis.call('ZADD', yardOf(P, labels or ''), score, id)
  if labels and labels ~= '' then redis.call('ZADD', P .. 'labelsets', now(), labels) end
  if isYardTold then return end
  isYardTold = true
  redis.call('ZADD', P .. 'yard:marker', '0', '0')
end

-- Workers this script has woken, or seen to be busy: a batch wakes each of them once.
local woken = {}

-- Puts a current task into a worker's lane, and wakes the worker if it has a slot to spare: a busy one looks by itself.
local function toLane(P, worker, slots, agent, id, score)
  local lane = P .. 'lane:' .. worker
  redis.call('ZADD', lane .. ':prioritized', score, id)
  offer(P, worker, agent, id)
  if woken[worker] then return end
  woken[worker] = true
  if redis.call('HLEN', lane .. ':slots') < tonumber(slots) then redis.call('ZADD', lane .. ':marker', '0', '0') end
end

-- Slots of a worker that may receive, false for one that may not. Read once per script: no move changes it on its way.
local routable = {}
local function slotsOf(P, worker)
  local slots = routable[worker]
  if slots == nil then
    slots = redis.call('HGET', P .. 'routable', worker)
    routable[worker] = slots
  end
  return slots
end

-- A current task goes to the lane of a routable home that carries its labels, else to the yard.
local function dispatch(P, home, agent, id, score, labels)
  local slots = home and slotsOf(P, home)
  if not slots or not carries(P, home, labels or '') then return toYard(P, id, score, labels) end
  toLane(P, home, slots, agent, id, score)
end

-- Makes a task its agent's current one and sends it on its way. home: the agent's, false for none.
local function makeCurrent(P, agent, home, id, score, labels)
  if agent == '' then return toYard(P, id, score, labels) end
  local key = P .. 'agent:' .. agent
  redis.call('HSET', key, 'cur', id)
  redis.call('PERSIST', key)
  dispatch(P, home, agent, id, score, labels)
end

-- Sends a task that is current already, or whose agent is idle, on its way again.
local function release(P, agent, id)
  local home = agent ~= '' and redis.call('HGET', P .. 'agent:' .. agent, 'home')
  local job = redis.call('HMGET', P .. id, 'ss', 'avoids', 'lb')
  local avoided = avoidedBy(job[1], job[2])
  if avoided ~= '' then redis.call('HSET', P .. 'avoids', id, avoided) end
  makeCurrent(P, agent, home, id, job[1], job[3])
end

-- The score under which a task leaves its mailbox: its own, so that a warm agent goes on, but each 32nd time behind all
-- that arrived by now, so that a long mailbox does not keep its home from other agents. Every time made an overloaded
-- worker cycle through more agents than it had room for: no warm hit at all. A retry always goes by its own.
local function scoreInTurn(P, score)
  local turn = redis.call('INCR', P .. 'seq')
  if turn % 32 ~= 0 then return score end
  local arrived = tonumber(score)
  if arrived < 4503599627370496 then return turn end
  return string.format('%.0f', arrived - arrived % 2147483648 + turn % 2147483648)
end

-- After a task is gone for good: its agent's next one is released, or the agent idles and its session ages.
-- pulling: the worker about to pull, if any; what would go to its lane is returned instead, as {id, score, agent}.
local function settle(P, agent, id, sessionMs, pulling)
  if agent == '' then return end
  forgetOwner(P, id)
  local key = P .. 'agent:' .. agent
  local known = redis.call('HMGET', key, 'cur', 'home')
  if known[1] ~= id then return end
  local mailbox = P .. 'mailbox:' .. agent
  local popped = redis.call('ZPOPMIN', mailbox)
  while popped[1] do
    redis.call('DECR', P .. 'mailboxed')
    local job = redis.call('HMGET', P .. popped[1], 'ss', 'lb')
    local score, labels = job[1], job[2] or ''
    if score then
      redis.call('HSET', key, 'cur', popped[1])
      score = scoreInTurn(P, score)
      local isMine = pulling and known[2] == pulling and slotsOf(P, pulling) and carries(P, pulling, labels)
      if isMine then return { popped[1], score, agent } end
      return dispatch(P, known[2], agent, popped[1], score, labels)
    end
    forgetOwner(P, popped[1])
    popped = redis.call('ZPOPMIN', mailbox)
  end
  redis.call('HDEL', key, 'cur')
  redis.call('PEXPIRE', key, sessionMs)
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
-- reason if it is known. Returns the fence.
local function bind(P, agent, from, worker, incarnation, labels, why)
  local fence = nextFence(P)
  local key, reason = P .. 'agent:' .. agent, why
  if not from then from, reason = lostHome(P, key, worker) end
  reason = reason or reasonToMove(P, from, worker, labels)
  if from and from ~= worker then endState(P, from, agent, fence, 'moved') end
  redis.call('HSET', key, 'home', worker, 'fence', fence, 'held', worker .. ':' .. incarnation)
  redis.call('HINCRBY', P .. 'bound', reason, 1)
  redis.call('XADD', P .. 'journal', 'MAXLEN', '~', 100000, '*', 'event', from and 'moved' or 'placed',
    'agent', agent, 'from', from or '', 'worker', worker, 'fence', fence, 'reason', reason)
  return fence
end
