-- Adds a batch of tasks and takes them straight to their agents. A re-sent batch is answered, not repeated.
-- KEYS [1-9] as BullMQ's addStandardJob
-- ARGV [1] pool prefix [2] nonce of the batch [3] now in ms, then per task: id, name, data, options as BullMQ's JSON,
--      priority, patience of its own in ms, 'soft' or '', BullMQ's arguments msgpacked or '', BullMQ's options msgpacked or ''
--      (both for delay and deduplication)
-- RETURNS {last event id before the batch, then per task 'added'|'duplicate'|'conflict' and id, or 'refused' and why}, or
--         {'closed', notice} with nothing added and its tasks counted as turned away
-- FLAGS none: a full Redis takes no new tasks, nor counts them as turned away
-- COST O(tasks x log n), and the same for up to 1000 tasks waiting in the intake
--- @include "intake"
local function addStandard(KEYS, ARGV)
--- @bullmq "addStandardJob"
end

local function addDelayed(KEYS, ARGV)
--- @bullmq "addDelayedJob"
end

-- Counts the tasks of a batch that meets a closed gate, once for each nonce: the newest 1,000 of a minute are remembered.
local function turnAway(P, nonce, notice, tasks)
  local turned = P .. 'turned'
  if redis.call('ZADD', turned, 'NX', now(), nonce) == 1 then
    redis.call('ZREMRANGEBYRANK', turned, '0', '-1001')
    redis.call('PEXPIRE', turned, '60000')
    redis.call('HINCRBY', P .. 'totals', 'turned:' .. string.match(notice, '^%a*'), tasks)
  end
  return { 'closed', notice }
end

local P, nonce, nowMs = ARGV[1], ARGV[2], ARGV[3]
local sent = P .. 'sent:' .. nonce
local known = redis.call('MGET', sent, P .. 'closed')
if known[1] then return cmsgpack.unpack(known[1]) end
if known[2] then return turnAway(P, nonce, known[2], (#ARGV - 3) / 8) end

local lastEvent = redis.call('XREVRANGE', P .. 'events', '+', '-', 'COUNT', 1)[1]
local reply = { lastEvent and lastEvent[1] or '0-0' }
local maxEvents = redis.call('HGET', P .. 'meta', 'opts.maxLenEvents') or 10000
if not isEmpty(P) then
  takeIntake(P, 1000, nowMs)
end
local isIntakeEmpty = isEmpty(P)

local function store(id, name, data, opts, priority, ...)
  redis.call('HSET', P .. id, 'name', name, 'data', data, 'opts', opts, 'timestamp', nowMs, 'delay', '0',
    'priority', priority, ...)
  redis.call('XADD', P .. 'events', '*', 'event', 'added', 'jobId', id, 'name', name)
  redis.call('XADD', P .. 'events', 'MAXLEN', '~', maxEvents, '*', 'event', 'waiting', 'jobId', id)
end

local function addThroughBullmq(args, data, opts)
  local delay = cmsgpack.unpack(opts)['delay'] or 0
  if delay == 0 then return addStandard(KEYS, { args, data, opts }) end
  return addDelayed({ KEYS[9], KEYS[3], KEYS[4], KEYS[6], KEYS[5], KEYS[8] }, { args, data, opts })
end

local function add(id, name, data, opts, priority, patience, bullArgs, bullOpts)
  local known = redis.call('HMGET', P .. id, 'name', 'data')
  if known[1] then return known[1] == name and known[2] == data and 'duplicate' or 'conflict', id end
  local labels, refusal = labelsIn(P, opts)
  if refusal then return 'refused', refusal end
  if bullArgs ~= '' then
    local addedId = addThroughBullmq(bullArgs, data, bullOpts)
    if patience ~= '' and addedId == id then setPatience(P, id, patience) end
    if isIntakeEmpty then takeIntake(P, 1, nowMs) end
    return addedId == id and 'added' or 'duplicate', addedId
  end
  if not isIntakeEmpty then
    store(id, name, data, opts, priority)
    if patience ~= '' then setPatience(P, id, patience) end
    redis.call('LPUSH', P .. 'wait', id)
    return 'added', id
  end
  local seq, score = takeNumber(P, tonumber(priority))
  store(id, name, data, opts, priority, 'ss', score)
  if patience ~= '' then setPatience(P, id, patience) end
  arrive(P, agentInId(id), id, seq, score, labels, ttlIn(opts))
  return 'added', id
end

if isIntakeEmpty then reserveNumbers(P, (#ARGV - 3) / 8) end
for i = 4, #ARGV, 8 do
  local outcome, id = add(unpack(ARGV, i, i + 7))
  reply[#reply + 1] = outcome
  reply[#reply + 1] = id
end
returnNumbers(P)
countArrivals(P)
redis.call('SET', sent, cmsgpack.pack(reply), 'PX', '60000')
return reply
