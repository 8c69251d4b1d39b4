-- Where a failed attempt's retry goes, as the task's option `retryOn` says: 'any' first to its home, 'home' to its home alone as
-- long as that lives, 'other-worker' to the yard, past the workers where it failed.
--- @include "lanes"

-- The option in a job's options, which any producer may have written.
local function retryOnIn(opts)
  if not opts or not string.find(opts, '"retryOn"', 1, true) then return 'any' end
  local ok, decoded = pcall(cjson.decode, opts)
  return ok and type(decoded) == 'table' and decoded['retryOn'] or 'any'
end

-- An attempt failed on a worker and was counted: what the task avoids is told anew.
local function noteFailure(P, agent, id, worker)
  local retryOn = retryOnIn(redis.call('HGET', P .. id, 'opts'))
  if retryOn == 'home' then setPatience(P, id, '-1') end
  if retryOn ~= 'other-worker' then
    redis.call('HDEL', P .. id, 'avoids')
    return
  end
  local names = avoidedWith(P, id, worker)
  setAvoided(P, id, isOneLeft(P, id, names) and names or { worker })
  loseHome(P, agent, worker, 'retry-elsewhere')
end

-- Whether a task is to wait for a worker: the one its agent insists on, or a retry for its home that lives. Neither takes
-- anything now: it drains, is paused, or is away.
local function awaitsHome(P, agent, id)
  if agent == '' then return false end
  local known = redis.call('HMGET', P .. 'agent:' .. agent, 'home', 'pin')
  local job = redis.call('HMGET', P .. id, 'atm', 'opts', 'lb')
  local pin = pinIn(P, agent, known[2])
  if insists(agent) then return not (slotsOf(P, pin.worker) and carries(P, pin.worker, job[3] or '')) end
  if (tonumber(job[1]) or 0) == 0 or retryOnIn(job[2]) ~= 'home' then return false end
  local home = known[1]
  if not home or redis.call('HEXISTS', P .. 'routable', home) == 1 then return false end
  return redis.call('HEXISTS', P .. 'incarnations', home) == 1
end

-- Sends a retry that is due on its way.
local function retry(P, agent, id, nowMs)
  if awaitsHome(P, agent, id) then return park(P, id, nowMs + 1000) end
  release(P, agent, id)
end

-- A task leaves the lane of a worker that takes nothing any more.
local function leaveLane(P, id, score)
  local agent = agentOf(P, id)
  if awaitsHome(P, agent, id) and not insists(agent) then return park(P, id, now() + 1000) end
  setFree(P, agent, id, score, redis.call('HGET', P .. id, 'lb'))
end
