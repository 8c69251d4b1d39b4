-- The steps every move is made of: who owns a task, where a current task goes, what follows a settled one.
-- P is the pool's key prefix (`shunt:{agents}:`); every key built from it lies in the pool's one hash slot.
--- @include "labels"
--- @include "avoid"
--- @include "stealable"
--- @include "pinned-home"
--- @include "numbers"
--- @include "forced"

-- Whether a key is a job hash: an id that somebody asks for may name any other key of the pool.
local function isTask(key)
  return redis.call('TYPE', key)['ok'] == 'hash' and redis.call('HEXISTS', key, 'name') == 1
end

-- The agent key in a task id: what stands before its first `~`, when that is encoded and has at most 256 bytes, '' for no agent. nil for an
-- id that names none, as `repeat:s~1:5` and `50%~x`. `agentKeyIn` of task-id.ts is the same rule.
local function agentInId(id)
  local key = string.match(id, '^([%w_.%%-]*)~')
  if not key or #key > 256 then return nil end
  if not string.find(key, '%', 1, true) then return key end
  local rest = string.gsub(key, '%%[0-9A-F][0-9A-F]', '')
  return not string.find(rest, '%', 1, true) and key or nil
end

-- The agent key of a task, '' for none: from its id, or as the shunt remembered it for a foreign id, whose job hash
-- somebody may remove.
local function agentOf(P, id) return agentInId(id) or redis.call('HGET', P .. 'owners', id) or '' end

local function forgetOwner(P, id)
  if not agentInId(id) then redis.call('HDEL', P .. 'owners', id) end
end

-- A task that was told to end while it ran is failed by who takes it next, without running it.
local function heedCancel(P, id)
  local reason = redis.call('HGET', P .. id, 'cancelling')
  if reason then redis.call('HSET', P .. id, 'defa', reason) end
end

-- Puts a current task into the yard of its labels and wakes a dispatcher, once for a batch. labels: its key, false or nil for none.
local function toYard(P, id, score, labels)
  redis.call('ZADD', yardOf(P, labels or ''), score, id)
  if labels and labels ~= '' then redis.call('ZADD', P .. 'labelsets', now(), labels) end
  if call.isYardTold then return end
  call.isYardTold = true
  redis.call('ZADD', P .. 'yard:marker', '0', '0')
end

-- Puts a current task into a worker's lane, and wakes the worker, once for a batch, if it has a slot to spare: a busy one looks
-- by itself.
local function toLane(P, worker, slots, agent, id, score)
  local lane = P .. 'lane:' .. worker
  redis.call('ZADD', lane .. ':prioritized', score, id)
  offer(P, worker, agent, id)
  if call.woken[worker] then return end
  call.woken[worker] = true
  if redis.call('HLEN', lane .. ':slots') < tonumber(slots) then redis.call('ZADD', lane .. ':marker', '0', '0') end
end

-- A current task that its agent's home cannot take goes to the yard; that of an agent which insists on a worker waits for it.
local function setFree(P, agent, id, score, labels)
  if insists(agent) then return awaitPin(P, id) end
  toYard(P, id, score, labels)
end

-- A current task goes to the lane of a routable home that carries its labels and keeps its agents, else where setFree says.
local function dispatch(P, home, agent, id, score, labels)
  local slots = home and slotsOf(P, home)
  if not slots or not carries(P, home, labels or '') then return setFree(P, agent, id, score, labels) end
  if isLeft(P, home, agent, id) then
    loseHome(P, agent, home, 'straggler')
    return toYard(P, id, score, labels)
  end
  toLane(P, home, slots, agent, id, score)
end

-- Sends a current task that is in no list on its way from where its agent stands now.
local function redirect(P, agent, id, score, labels)
  local known = redis.call('HMGET', P .. 'agent:' .. agent, 'home', 'pin')
  dispatch(P, homeFor(P, agent, known[1], known[2], labels), agent, id, score, labels)
end

-- Makes a task its agent's current one and sends it on its way. home, pin: as the agent's hash has them, false for none.
local function makeCurrent(P, agent, home, pin, id, score, labels)
  if agent == '' then return toYard(P, id, score, labels) end
  local key = P .. 'agent:' .. agent
  redis.call('HSET', key, 'cur', id, 'since', nowText())
  redis.call('PERSIST', key)
  dispatch(P, homeFor(P, agent, home, pin, labels), agent, id, score, labels)
end

-- The place in its mailbox of a task that arrived under this number: half a number further when its score is another, or it has labels,
-- so that they are looked up when it leaves.
local function placeOf(seq, score, labels) return (score == seq and labels == '') and seq or seq .. '.5' end

-- The place before all others, of a current task whose agent was paused: there is one at most.
local atFront = placeOf('0')

-- A task of a paused agent waits in its mailbox.
local function shelve(P, agent, id, place)
  redis.call('HDEL', P .. 'agent:' .. agent, 'cur')
  redis.call('INCRBY', P .. 'mailboxed', redis.call('ZADD', P .. 'mailbox:' .. agent, place, id))
end

-- Sends a task that is current already, or whose agent is idle, on its way again.
local function release(P, agent, id)
  local known = agent == '' and {} or redis.call('HMGET', P .. 'agent:' .. agent, 'home', 'pin', 'paused')
  local job = redis.call('HMGET', P .. id, 'ss', 'avoids', 'lb')
  local avoided = avoidedBy(job[1], job[2])
  if avoided ~= '' then redis.call('HSET', P .. 'avoids', id, avoided) end
  if known[3] then return shelve(P, agent, id, atFront) end
  makeCurrent(P, agent, known[1], known[2], id, job[1], job[3])
end

-- Whether so many of an agent's tasks wait, of so few arrivals, that they are a flood: more than a sixteenth of them all. An
-- agent that is merely behind, as all are in an overloaded pool, has its tasks among those of others.
local function isFlooding(mailbox, seq)
  local last = redis.call('ZRANGE', mailbox, '31', '31', 'WITHSCORES')[2]
  return last and last - seq < 512
end

-- Score and labels key of a task that leaves a place in its mailbox. Nil when it was removed; of one that is not looked up that shows when
-- a worker takes it.
local function whatWaited(P, id, place)
  if not string.find(place, '.', 1, true) then return place, '' end
  local job = redis.call('HMGET', P .. id, 'ss', 'lb')
  return job[1], job[2] or ''
end

-- The score under which a task leaves its mailbox: its own, so that a warm agent goes on, but in a flood each 32nd behind all
-- that arrived by now, so that it does not keep its home from other agents. Every time made an overloaded worker cycle
-- through more agents than it had room for: no warm hit at all. Each 32nd of every agent, flood or not, put the most popular
-- ones last in an overloaded pool, without their states: 794 tasks/s in place of 1,004. A retry always goes by its own.
-- turn: how many of the agent's tasks have left its mailbox, modulo 32. seq: the task's arrival number.
local function scoreInTurn(P, mailbox, score, turn, seq)
  if turn > 0 or not isFlooding(mailbox, seq) then return score end
  local last, arrived = nextNumber(P), tonumber(score)
  if arrived < 4503599627370496 then return last end
  return string.format('%.0f', arrived - arrived % 2147483648 + last % 2147483648)
end

-- After a task is gone for good: its agent's next one is released, or the agent idles, or is paused, and its session ages.
-- pulling: the worker about to pull, if any; what would go to its lane is returned instead, as {id, score, agent}.
local function settle(P, agent, id, sessionMs, pulling)
  if agent == '' then return end
  forgetOwner(P, id)
  local key = P .. 'agent:' .. agent
  local known = redis.call('HMGET', key, 'cur', 'home', 'pin', 'turn', 'paused')
  if known[1] ~= id then return end
  local mailbox = P .. 'mailbox:' .. agent
  local popped = known[5] and {} or redis.call('ZPOPMIN', mailbox)
  while popped[1] do
    redis.call('DECR', P .. 'mailboxed')
    local score, labels = whatWaited(P, popped[1], popped[2])
    if score then
      local turn = ((known[4] or 0) + 1) % 32
      redis.call('HSET', key, 'cur', popped[1], 'turn', turn, 'since', nowText())
      score = scoreInTurn(P, mailbox, score, turn, popped[2])
      local home = homeFor(P, agent, known[2], known[3], labels)
      local isMine = pulling and home == pulling and slotsOf(P, pulling) and carries(P, pulling, labels)
      if isMine then return { popped[1], score, agent } end
      return dispatch(P, home, agent, popped[1], score, labels)
    end
    forgetOwner(P, popped[1])
    popped = redis.call('ZPOPMIN', mailbox)
  end
  redis.call('HDEL', key, 'cur')
  ageAgent(key, known[3], known[5], sessionMs)
end
