-- Deaths of workers and tasks that brought them down: counted, and remembered for 20 minutes, so that one that happens again and again
-- is seen.
--- @include "clock"

local recentDeathsMs = 1200000

-- The newest of a kind, by the ms of it; older ones go.
local function rememberDeath(key, member)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now() - recentDeathsMs)
  redis.call('ZADD', key, now(), member)
  redis.call('PEXPIRE', key, recentDeathsMs)
end

-- A life of a worker is over without a word of it. Returns false for one that is noted already: an eviction takes several calls. How many lives
-- there were tells later whether another one is in its place.
local function noteDeath(P, worker, life)
  if redis.call('HGET', P .. 'dying', worker) == life then return false end
  redis.call('HSET', P .. 'dying', worker, life)
  redis.call('HSET', P .. 'crews', worker, redis.call('HLEN', P .. 'incarnations'))
  redis.call('HINCRBY', P .. 'totals', 'lost', 1)
  local host = cjson.decode(redis.call('HGET', P .. 'workers', worker) or '{}')['host'] or ''
  rememberDeath(P .. 'deaths', cjson.encode({ worker, host, life }))
  return true
end

-- A task was running on another worker that died. Returns the names of all of those.
local function nameDeath(P, worker, id)
  local names = redis.call('HGET', P .. id, 'diedWith')
  if not names then
    names = worker
  elseif not string.find(' ' .. names .. ',', ' ' .. worker .. ',', 1, true) then
    names = names .. ', ' .. worker
  end
  redis.call('HSET', P .. id, 'diedWith', names)
  return names
end

-- A task is to fail as poison.
local function tellPoison(P, agent, id, names)
  redis.call('HINCRBY', P .. 'totals', 'poisoned', 1)
  rememberDeath(P .. 'poisoned', id)
  local fields = { 'event', 'poisoned', 'task', id, 'workers', names }
  if agent ~= '' then
    fields[#fields + 1] = 'agent'
    fields[#fields + 1] = agent
  end
  redis.call('XADD', P .. 'journal', 'MAXLEN', '~', '100000', '*', unpack(fields))
end
