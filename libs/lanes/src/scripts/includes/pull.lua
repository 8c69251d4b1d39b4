-- A free slot takes the oldest task of its own lane and the yard; only when both are empty, one whose patience is over.
--- @include "wake"
--- @include "ttl"
--- @include "idle-pull"
--- @include "stand-up"

local function waitedSince(since) return since and now() - since or '' end

-- What BullMQ's worker expects of a fetched job, then what the lane backend adds: fence, warm or cold, agent key, what a
-- fetch finds ahead (see lookAhead), how many more agents' states the worker holds than it can, who has to end the agent's
-- state before it runs, and how long the task has been its agent's current one, in ms, '' without an agent.
local function fetched(P, worker, slot, id, fields, agent, fence, home, closers, waitedMs)
  local excess = slot.maxAgents and redis.call('ZCARD', P .. 'held:' .. worker) - slot.maxAgents or 0
  return { fields, id, 0, 0, tostring(fence), home, agent, 0, 0, excess, closers, waitedMs }
end

-- The answer to a pull that was sent again: the slot holds its task already.
local function fetchedBefore(P, worker, slot, id)
  local agent = agentOf(P, id)
  local known = redis.call('HMGET', P .. 'agent:' .. agent, 'fence', 'warm', 'closers', 'since')
  local fence, home = known[1] or 0, known[2] or 'cold'
  local closers = closersOf(P, agent, known[3], worker)
  local waitedMs = waitedSince(known[4])
  return fetched(P, worker, slot, id, redis.call('HGETALL', P .. id), agent, fence, home, closers, waitedMs)
end

-- Scores compare, being one pool's. other: nil is younger than anything.
local function isBefore(score, other) return not other or tonumber(score) < tonumber(other) end

-- What a worker takes besides its own lane. '1': the yard and foreign tasks. '2': as '1', by its labels as well. A straggler takes no
-- foreign task: '3': nothing else; '4': the yards, as '2'.
local function isStraggling(takes) return takes == '3' or takes == '4' end

-- Whether a worker leaves a yard task to others: one that avoids it, or, of a straggler, one whose agent has just left it. A popular
-- agent would else come back with its next task, which is the oldest of the yard.
local function isForOthers(P, id, worker, takes)
  if isAvoided(P, id, worker) then return true end
  if not isStraggling(takes) then return false end
  return redis.call('HGET', P .. 'agent:' .. agentOf(P, id), 'left') == worker and isOneLeft(P, id, { worker })
end

-- The oldest task of a yard that is older than the given score and may be the worker's, as {id, score}. first: the oldest of all.
-- Looks at 16 tasks behind one that may not: beyond them it is for the leader, who sees more, or for another worker.
local function oldestOfYard(P, yard, first, worker, than, takes)
  if not isBefore(first[2], than) then return end
  if not isForOthers(P, first[1], worker, takes) then return first end
  local more = redis.call('ZRANGE', yard, '1', '16', 'WITHSCORES')
  for i = 1, #more, 2 do
    if not isBefore(more[i + 1], than) then return end
    if not isForOthers(P, more[i], worker, takes) then return { more[i], more[i + 1] } end
  end
end

-- The yards a worker takes from: none while it may not receive.
local function yardsOf(P, worker, slots, takes)
  if not slots or takes == '3' then return {} end
  local yards = (takes == '2' or takes == '4') and labelledYards(P, worker) or {}
  yards[#yards + 1] = P .. 'yard'
  return yards
end

-- The oldest task of each yard that holds any, as {id, score}, by yard; nil when none does.
local function headsOf(yards)
  local heads
  for _, yard in ipairs(yards) do
    local first = redis.call('ZRANGE', yard, '0', '0', 'WITHSCORES')
    if first[1] then
      heads = heads or {}
      heads[yard] = first
    end
  end
  return heads
end

-- Takes the oldest of the worker's lane, its yards and the task in hand, which goes to the lane when it is not. The yards come last:
-- whether a task of theirs may be the worker's is asked only of one that is older than the rest.
-- takes: as isStraggling has it. hand: as settle returns it, nil for none.
local function takeOldest(P, worker, yards, takes, hand)
  local laneKey = P .. 'lane:' .. worker .. ':prioritized'
  local heads = headsOf(yards)
  if not hand and not heads then
    local id = redis.call('ZPOPMIN', laneKey)[1]
    if id then withdraw(P, worker, id) end
    return id
  end
  local oldest, from = hand, nil
  local first = redis.call('ZRANGE', laneKey, '0', '0', 'WITHSCORES')
  if first[1] and isBefore(first[2], oldest and oldest[2]) then oldest, from = first, laneKey end
  for yard, head in pairs(heads or {}) do
    local new = oldestOfYard(P, yard, head, worker, oldest and oldest[2], takes)
    if new then oldest, from = new, yard end
  end
  if not from then return hand and hand[1] end
  redis.call('ZREM', from, oldest[1])
  if from == laneKey then withdraw(P, worker, oldest[1]) end
  if hand then
    redis.call('ZADD', laneKey, hand[2], hand[1])
    offer(P, worker, hand[3], hand[1])
  end
  return oldest[1]
end

-- Takes a task by the order of the policy. Returns its id, nil for none, and why its agent moves if that is new.
local function takeNext(P, worker, slot, slots, yards, hand)
  local id = takeOldest(P, worker, yards, slot.takes, hand)
  if id or not slots or isStraggling(slot.takes) then return id end
  return takeForeign(P, worker, slot, slots), 'idle-pull'
end

-- Binds the task's agent here. labels, why: as bind takes them. Returns the fence, 'warm' when this life of the worker
-- ran its previous task, who has to end the agent's state before, and how long the task was its agent's current one. It is cold as
-- long as somebody has to end the state: an earlier task that waited here for that may have ended before it began.
local function occupy(P, worker, incarnation, agent, labels, why)
  if agent == '' then return 0, 'cold', '', '' end
  local key = P .. 'agent:' .. agent
  local known = redis.call('HMGET', key, 'home', 'fence', 'ran', 'warm', 'held', 'since', 'closers')
  local life = worker .. ':' .. incarnation
  local fence, waitedMs, named = known[2], waitedSince(known[6]), known[7]
  local isBound = known[1] == worker and known[5] == life
  if not isBound then
    fence = bind(P, agent, known[1], worker, incarnation, labels, why)
    named = redis.call('HGET', key, 'closers')
  end
  local closers = named and closersOf(P, agent, named, worker) or ''
  local home = known[3] == life and closers == '' and 'warm' or 'cold'
  if known[3] ~= life or known[4] ~= home then redis.call('HSET', key, 'ran', life, 'warm', home) end
  if named and closers == '' then redis.call('HDEL', key, 'closers') end
  return fence, home, closers, waitedMs
end

-- What is of use here of a job's fields: labels, score, attempts started, deduplication key, whom it avoids, when it is late, options.
local isOfUse = { lb = true, ss = true, ats = true, deid = true, avoids = true, late = true, opts = true }
local function jobIn(fields)
  local job = { lb = '', ats = 0 }
  for i = 1, #fields, 2 do
    if isOfUse[fields[i]] then job[fields[i]] = fields[i + 1] end
  end
  return job
end

-- Marks the task running in a slot. job: as jobIn has it of the fields. One that must not start any more is failed by its worker
-- without being run, by what BullMQ's reads in `defa`.
local function start(P, worker, id, fields, job, slot)
  local attempt = tostring(job.ats + 1)
  if job.avoids then redis.call('HDEL', P .. 'avoids', id) end
  -- BullMQ's add looks here whether a task with the same deduplication key runs.
  if job.deid then redis.call('LPUSH', P .. 'active', id) end
  redis.call('HSET', P .. 'lane:' .. worker .. ':slots', slot.token, id)
  -- For BullMQ, which removes no locked job. It does not run out: what a dead worker ran stays its own until it is given on.
  redis.call('SET', P .. id .. ':lock', slot.token)
  local values = { 'processedOn', slot.nowMs, 'pb', worker, 'ats', attempt, slot.ends and 'follows', slot.ends }
  local whyNot = whyLate(job)
  if whyNot then
    values[#values + 1] = 'defa'
    values[#values + 1] = whyNot
  end
  redis.call('HSET', P .. id, unpack(values))
  redis.call('XADD', P .. 'events', '*', 'event', 'active', 'jobId', id, 'prev', 'waiting')
  for _, value in ipairs(values) do
    fields[#fields + 1] = value
  end
end

-- The answer when there is nothing: 0, or {0, 0, 0, ms} of the worker that has to look again by itself.
local function nothing(P, worker, slot, slots)
  if not slots then return 0 end
  if isStraggling(slot.takes) then
    standUp(P, worker)
    return 0
  end
  local inMs, isAsleep = rest(P, worker, firstStealable(P))
  if isAsleep and not slot.isFetching then wakeSelf(P, worker) end
  return inMs > 0 and { 0, 0, 0, inMs } or 0
end

-- Whether a pull has filled the slot.
local function hasTask(pulled) return pulled ~= 0 and pulled[1] ~= 0 end

local function heldSlots(P, worker) return redis.call('HLEN', P .. 'lane:' .. worker .. ':slots') end

-- Whether the worker may fill the slot. A breaker can allow it fewer than it has; one that is not routable takes what is left in
-- its lane. One that is allowed all it has asks for no more than that.
local function mayFill(P, worker, slot, slots)
  if not slots or slot.size and tonumber(slots) >= slot.size then return true end
  return heldSlots(P, worker) - (slot.ends and 1 or 0) < tonumber(slots)
end

-- slot: token, nowMs, sessionMs, takes as yardsOf has it, maxAgents or nil, isFetching: whether the worker waits nowhere else
-- for work, ends: the task that ends in it and still counts as held, size: slots the worker has, nil when that is not known. The slot
-- must be free and its worker's life the registered one.
-- hand: a task of the worker's that is in no list yet, as settle returns it. One that goes to the lane instead of the slot
-- may have another slot to go to.
local function pullFree(P, worker, incarnation, slot, hand)
  local slots = slotsOf(P, worker)
  if not mayFill(P, worker, slot, slots) then
    if hand then toLane(P, worker, slots, hand[3], hand[1], hand[2]) end
    return 0
  end
  local yards = yardsOf(P, worker, slots, slot.takes)
  local id, why = takeNext(P, worker, slot, slots, yards, hand)
  while id do
    local agent = agentOf(P, id)
    local fields = redis.call('HGETALL', P .. id)
    local job = jobIn(fields)
    if fields[1] and carries(P, worker, job.lb) then
      local fence, home, closers, waitedMs = occupy(P, worker, incarnation, agent, job.lb, why)
      start(P, worker, id, fields, job, slot)
      -- The task in hand went to the lane.
      if hand and hand[1] ~= id and slots and heldSlots(P, worker) < tonumber(slots) then wakeSelf(P, worker) end
      if slot.maxAgents and agent ~= '' then redis.call('ZADD', P .. 'held:' .. worker, now(), agent) end
      return fetched(P, worker, slot, id, fields, agent, fence, home, closers, waitedMs)
    end
    -- A worker that came back with other labels has tasks in its lane that it must not run.
    if fields[1] then
      redirect(P, agent, id, job.ss, job.lb)
      hand = nil
    else
      redis.call('HDEL', P .. 'avoids', id)
      hand = settle(P, agent, id, slot.sessionMs, not isStraggling(slot.takes) and worker)
    end
    id, why = takeNext(P, worker, slot, slots, yards, hand)
  end
  return nothing(P, worker, slot, slots)
end

-- As pullFree, for a call that may be a second sending or from another life: a slot's task is given to the life that took it alone, as the
-- next one's registration gives it on.
local function pull(P, worker, incarnation, slot)
  if redis.call('HGET', P .. 'incarnations', worker) ~= incarnation then return 0 end
  local held = redis.call('HGET', P .. 'lane:' .. worker .. ':slots', slot.token)
  if held then return fetchedBefore(P, worker, slot, held) end
  if redis.call('HEXISTS', P .. 'meta', 'paused') == 1 then return 0 end
  return pullFree(P, worker, incarnation, slot)
end
