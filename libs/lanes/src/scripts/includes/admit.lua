-- One task leaves the intake: to its agent's mailbox, its home's lane, or the yard.
--- @include "lanes"
--- @include "affinity"
--- @include "ttl"

-- Percent-encodes an agent id into an agent key; nil when it is no usable id.
local function encodeAgent(value)
  if type(value) ~= 'string' or value == '' then return nil end
  local key = percentEncode(value)
  if #key > 256 then return nil end
  return key
end

-- Reads a foreign job's agent from its data and remembers it until the task ends. Second value: what is wrong with it.
local function foreignAgent(P, id)
  local known = redis.call('HGET', P .. 'owners', id)
  if known then return known end
  local ok, data = pcall(cjson.decode, redis.call('HGET', P .. id, 'data') or '{}')
  if not ok or type(data) ~= 'table' or data['agentId'] == nil or data['agentId'] == cjson.null then return '' end
  local agent = encodeAgent(data['agentId'])
  if not agent then return '', 'agentId must be a string of 1 to 256 bytes when percent-encoded' end
  redis.call('HSET', P .. 'owners', id, agent)
  return agent
end

-- A priority above 0 sorts behind every unprioritised task, then by number, then by arrival.
local function scoreOf(seq, priority)
  if priority == 0 then return seq end
  return string.format('%.0f', 4503599627370496 + priority * 2147483648 + seq % 2147483648)
end

local function refuse(P, id, reason, nowMs)
  redis.call('ZADD', P .. 'failed', nowMs, id)
  redis.call('HSET', P .. id, 'failedReason', reason, 'finishedOn', nowMs)
  redis.call('XADD', P .. 'events', '*', 'event', 'failed', 'jobId', id, 'failedReason', reason, 'prev', 'waiting')
  redis.call('HINCRBY', P .. 'totals', 'finishedFailed', 1)
end

-- Adds what this call let arrive, and what of it waits in mailboxes, to the pool's counts.
local function countArrivals(P)
  if call.arrivals > 0 then redis.call('HINCRBY', P .. 'totals', 'enqueued', call.arrivals) end
  if call.mailboxed > 0 then redis.call('INCRBY', P .. 'mailboxed', call.mailboxed) end
end

-- Takes an arrival number. Returns it, and the score of a task of this priority.
local function takeNumber(P, priority)
  call.arrivals = call.arrivals + 1
  local seq = string.format('%.0f', nextNumber(P))
  return seq, scoreOf(seq, priority)
end

-- A task that requires labels keeps them in its hash, and its time to start with the leader: no worker may ever come to it.
local function noteLabels(P, id, labels, lateAtMs)
  redis.call('HSET', P .. id, 'lb', labels)
  redis.call('ZADD', P .. 'labelsets', now(), labels)
  expireAt(P, id, lateAtMs)
end

-- One more task waits behind a current one: if that is in the lane of its home, one more shares its patience.
local function hasten(P, home, agent, id)
  local patience = poolPatience(P)
  if patience <= leastMs or ownPatience(P, id) then return end
  local waiting = 1 + redis.call('ZCARD', P .. 'mailbox:' .. agent)
  if patience / waiting < leastMs then return end
  local sooner = -patience / (waiting * (waiting - 1))
  local atMs = redis.call('ZADD', P .. 'stealable', 'XX', 'INCR', sooner, home .. ' ' .. id)
  if atMs then watch(P, tonumber(atMs), home) end
end

-- A task that has its number, and its score as `ss`, waits behind its agent's current one or becomes it.
local function arrive(P, agent, id, seq, score, labels, ttlMs)
  local lateAtMs = beginTtl(P, id, ttlMs)
  if labels ~= '' then noteLabels(P, id, labels, lateAtMs) end
  if agent == '' then return toYard(P, id, score, labels) end
  local known = redis.call('HMGET', P .. 'agent:' .. agent, 'cur', 'home', 'pin', 'paused')
  local current = known[1]
  local isBack = current == id and not goesOn(P, id)
  local isNext = isBack or not current
  local place = placeOf(seq, score, labels)
  if known[4] and isNext then return shelve(P, agent, id, isBack and atFront or place) end
  if isNext then return makeCurrent(P, agent, known[2], known[3], id, score, labels) end
  call.mailboxed = call.mailboxed + redis.call('ZADD', P .. 'mailbox:' .. agent, place, id)
  -- Somebody removed the current task behind our back: its agent goes on.
  if redis.call('EXISTS', P .. current) == 0 and not goesOn(P, current) then return settle(P, agent, current, 0) end
  if known[2] and not known[3] then hasten(P, known[2], agent, current) end
end

local function admit(P, id, nowMs)
  local job = redis.call('HMGET', P .. id, 'name', 'priority', 'opts', 'patience')
  if not job[1] then return end
  local labels, refusal = labelsIn(P, job[3])
  if refusal then return refuse(P, id, refusal, nowMs) end
  local agent, problem = agentInId(id), nil
  if not agent then agent, problem = foreignAgent(P, id) end
  if problem then return refuse(P, id, problem, nowMs) end
  local patience = not job[4] and patienceIn(job[3])
  if patience then setPatience(P, id, patience) end
  local seq, score = takeNumber(P, tonumber(job[2]) or 0)
  redis.call('HSET', P .. id, 'ss', score)
  arrive(P, agent, id, seq, score, labels, ttlIn(job[3]))
end
