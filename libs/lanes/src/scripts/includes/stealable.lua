-- Tasks that wait in lanes, by the ms from which an idle stranger may take them: `P stealable`, members `<worker> <task id>`.
--- @include "watch"
--- @include "pins"

-- Patience in ms until a leader has published one: too long only delays the first moves.
local startPatienceMs = 5000

-- Shortest share of a patience, in ms: an idle home has fetched within that, and below it strangers would race it.
local leastMs = 100

-- What the leader has published, read once a call: how long a lone task waits for its home, in ms, below 0 for ever; how long one
-- does that is soft whatever the pool is; whether tasks may have a patience of their own; and the workers that are left, each between
-- spaces.
local function poolPatience(P)
  if not call.patienceMs then
    local known = redis.call('HMGET', P .. 'pull', 'patienceMs', 'hasOwn', 'left', 'softMs')
    call.patienceMs, call.hasOwn, call.left = tonumber(known[1] or startPatienceMs), known[2], known[3]
    call.softMs = tonumber(known[4] or startPatienceMs)
  end
  return call.patienceMs
end

-- A task's own patience in ms, -1 for ever; false for the pool's, also of a soft task in a soft pool.
local function ownPatience(P, id)
  local ofPool = poolPatience(P)
  local own = call.hasOwn and redis.call('HGET', P .. id, 'patience')
  if own ~= 'soft' then return own end
  return call.softMs ~= ofPool and call.softMs
end

-- Whether an agent's task is to leave its home: a straggler, where staying costs more than a cold start elsewhere.
local function isLeft(P, home, agent, id)
  local patience = poolPatience(P)
  if not call.left or not string.find(call.left, ' ' .. home .. ' ', 1, true) then return false end
  local fromMs = lentFromMs(agent, home)
  return fromMs and fromMs <= now() and tonumber(ownPatience(P, id) or patience) >= 0
end

-- Gives a task a patience of its own: ms, '-1' for ever, or 'soft' for what a soft pool's tasks have.
local function setPatience(P, id, ms)
  redis.call('HSET', P .. id, 'patience', ms)
  redis.call('HSET', P .. 'pull', 'hasOwn', '1')
  call.hasOwn = '1'
end

-- A task has entered a lane. The agent's waiting tasks share the pool's patience, as one cold start serves them all, also while nobody is
-- idle: a worker that joins finds what a long lane is worth.
local function offer(P, worker, agent, id)
  local ofPool = poolPatience(P)
  local own = agent == '' and 0 or ownPatience(P, id)
  local patience = tonumber(own or ofPool)
  local fromMs = lentFromMs(agent, worker)
  if patience < 0 or not fromMs then return end
  if not own and patience > leastMs then
    patience = math.max(leastMs, patience / (1 + redis.call('ZCARD', P .. 'mailbox:' .. agent)))
  end
  local atMs = math.floor(math.max(now() + patience, fromMs))
  redis.call('ZADD', P .. 'stealable', atMs, worker .. ' ' .. id)
  watch(P, atMs, worker)
end

-- A task has left a lane.
local function withdraw(P, worker, id) redis.call('ZREM', P .. 'stealable', worker .. ' ' .. id) end

-- The task whose patience ends first, as {entry, ms}, empty for none.
local function firstStealable(P) return redis.call('ZRANGE', P .. 'stealable', '0', '0', 'WITHSCORES') end
