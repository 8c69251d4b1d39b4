-- Workers that a task is not to go to while another is left: those that refused it, or where it failed. Its job hash holds
-- them, after the `ss` of the arrival they are of; the hash `avoids` does while it waits, for whoever looks at the yard.
--- @include "carriers"

-- Names in a list that is parted by spaces.
local function namesIn(list)
  local names = {}
  for name in string.gmatch(list, '%S+') do names[#names + 1] = name end
  return names
end

-- What isOneLeft says of a task that requires labels: of the workers that carry them.
local function findCarrier(P, names, labels)
  local isNamed, hasCarrier = {}, false
  for _, name in ipairs(names) do
    isNamed[name] = true
    hasCarrier = hasCarrier or slotsOf(P, name) and carries(P, name, labels)
  end
  return not hasCarrier or hasOtherCarrier(P, labels, names, isNamed)
end

-- As findCarrier, which is asked once per call for the same workers and labels.
local function isCarrierLeft(P, names, labels)
  local asked = labels .. ' ' .. table.concat(names, ' ')
  if call.carriersLeft[asked] == nil then call.carriersLeft[asked] = findCarrier(P, names, labels) end
  return call.carriersLeft[asked]
end

-- Whether there is a worker that may receive the task beside the named ones, at least one of them. Also when none may: it
-- may come.
local function isOneLeft(P, id, names)
  local labels = redis.call('HGET', P .. id, 'lb')
  if labels then return isCarrierLeft(P, names, labels) end
  local left = redis.call('HLEN', P .. 'routable')
  if left == 0 then return true end
  for _, slots in ipairs(redis.call('HMGET', P .. 'routable', unpack(names))) do
    if slots then left = left - 1 end
  end
  return left > 0
end

-- Whether a worker is to leave a waiting task to others.
local function isAvoided(P, id, worker)
  local names = namesIn(redis.call('HGET', P .. 'avoids', id) or '')
  for _, name in ipairs(names) do
    if name == worker then return isOneLeft(P, id, names) end
  end
  return false
end

-- Whom a task avoids since it arrived, as a list of names. score: its `ss`; field: its `avoids`.
local function avoidedBy(score, field)
  local arrival, list = string.match(field or '', '^(%S+) (.+)$')
  return arrival == score and list or ''
end

-- Those a task avoids, and one worker more.
local function avoidedWith(P, id, worker)
  local known = redis.call('HMGET', P .. id, 'ss', 'avoids')
  local names = namesIn(avoidedBy(known[1], known[2]))
  for _, name in ipairs(names) do
    if name == worker then return names end
  end
  names[#names + 1] = worker
  return names
end

local function setAvoided(P, id, names)
  redis.call('HSET', P .. id, 'avoids', redis.call('HGET', P .. id, 'ss') .. ' ' .. table.concat(names, ' '))
end

-- An agent has no home until its current task is bound again; the journal will say where it was and why it left.
local function loseHome(P, agent, worker, why)
  local key = P .. 'agent:' .. agent
  if agent == '' or redis.call('HGET', key, 'home') ~= worker then return end
  redis.call('HDEL', key, 'home')
  redis.call('HSET', key, 'left', worker, 'why', why)
end
