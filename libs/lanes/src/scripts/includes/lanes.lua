-- The steps every move is made of: who owns a task, where a current task goes, what follows a settled one.
-- P is the pool's key prefix (`shunt:{agents}:`); every key built from it lies in the pool's one hash slot.

-- The agent key of a task, '' for none: before the `~` of its id, or in the field the shunt wrote for a foreign id.
local function agentOf(P, id)
  local agent = string.match(id, '^([^~]*)~')
  return agent or redis.call('HGET', P .. id, 'sa') or ''
end

-- Puts a current task into the yard and wakes a dispatcher.
local function toYard(P, id, score)
  redis.call('ZADD', P .. 'yard', score, id)
  redis.call('ZADD', P .. 'yard:marker', 0, '0')
end

-- Puts a current task into a worker's lane and wakes the worker.
local function toLane(P, worker, id, score)
  redis.call('ZADD', P .. 'lane:' .. worker .. ':prioritized', score, id)
  redis.call('ZADD', P .. 'lane:' .. worker .. ':marker', 0, '0')
end

-- Makes a task its agent's current one: to the lane of a routable home, else to the yard.
local function release(P, agent, id)
  local score = redis.call('HGET', P .. id, 'ss')
  if agent == '' then return toYard(P, id, score) end
  local key = P .. 'agent:' .. agent
  redis.call('HSET', key, 'cur', id)
  redis.call('PERSIST', key)
  local home = redis.call('HGET', key, 'home')
  if home and redis.call('HEXISTS', P .. 'routable', home) == 1 then
    toLane(P, home, id, score)
  else
    toYard(P, id, score)
  end
end

-- After a task is gone for good: its agent's next one is released, or the agent idles and its session ages.
local function settle(P, agent, id, sessionMs)
  if agent == '' then return end
  local key = P .. 'agent:' .. agent
  if redis.call('HGET', key, 'cur') ~= id then return end
  local mailbox = P .. 'mailbox:' .. agent
  local popped = redis.call('ZPOPMIN', mailbox)
  while popped[1] do
    redis.call('DECR', P .. 'mailboxed')
    if redis.call('EXISTS', P .. popped[1]) == 1 then return release(P, agent, popped[1]) end
    popped = redis.call('ZPOPMIN', mailbox)
  end
  redis.call('HDEL', key, 'cur')
  redis.call('PEXPIRE', key, sessionMs)
end

-- Redis time in ms.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Why an agent leaves a home: a living worker only gives its agents up when it drains.
local function reasonToLeave(P, home)
  local leaseUntil = redis.call('ZSCORE', P .. 'leases', home)
  if not leaseUntil or tonumber(leaseUntil) > now() then return 'draining' end
  return 'dead'
end

-- Binds an agent to a worker under a higher fence and tells the journal why.
local function bind(P, agent, worker)
  local key = P .. 'agent:' .. agent
  local from = redis.call('HGET', key, 'home')
  if from == worker then return end
  local fence = redis.call('INCR', P .. 'fence')
  local reason = from and reasonToLeave(P, from) or 'new'
  redis.call('HSET', key, 'home', worker, 'fence', fence)
  redis.call('HINCRBY', P .. 'bound', reason, 1)
  redis.call('XADD', P .. 'journal', 'MAXLEN', '~', 100000, '*', 'event', from and 'moved' or 'placed',
    'agent', agent, 'from', from or '', 'worker', worker, 'fence', fence, 'reason', reason)
end
