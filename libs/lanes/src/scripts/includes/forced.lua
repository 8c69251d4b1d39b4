-- A task that was ended by force while it ran: it keeps its slot, and with it its agent, until its worker lets go of it, also when its
-- hash is removed or it is let run again meanwhile. `P <id>:forced` says whose slot that is, as `<worker> <slot token>`.

local function forcedKey(key) return key .. ':forced' end

-- Whether a slot holds a task only because its handler goes on. token: nil for any slot of the worker.
local function isForced(P, id, worker, token)
  local holder = redis.call('GET', forcedKey(P .. id))
  if not holder then return false end
  return token and holder == worker .. ' ' .. token or not token and string.match(holder, '^%S+') == worker
end

-- Whether the handler of a task that was ended by force goes on.
local function goesOn(P, id)
  local holder = redis.call('GET', forcedKey(P .. id))
  if not holder then return false end
  local worker, token = string.match(holder, '^(%S+) (.*)$')
  return redis.call('HGET', P .. 'lane:' .. worker .. ':slots', token) == id
end

-- The worker has let go of it. A cancel that it has not heard of must not meet a later run.
local function dropForced(P, id, worker)
  redis.call('DEL', forcedKey(P .. id), P .. id .. ':lock')
  redis.call('SREM', P .. 'lane:' .. worker .. ':cancels', id)
end
