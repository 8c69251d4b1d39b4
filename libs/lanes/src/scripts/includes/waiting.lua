-- An operator's word on an agent reaches its task that waits at once.
--- @include "lanes"

-- Takes an agent's current task out of its home's lane or its yard. Returns its score and labels key, nil when it is in neither.
local function takeWaiting(P, home, id)
  local labels = redis.call('HGET', P .. id, 'lb') or ''
  local sets = { yardOf(P, labels) }
  if home then
    withdraw(P, home, id)
    sets[2] = P .. 'lane:' .. home .. ':prioritized'
  end
  for _, set in ipairs(sets) do
    local score = redis.call('ZSCORE', set, id)
    if score then
      redis.call('ZREM', set, id)
      return score, labels
    end
  end
end

-- Sends an agent's current task on its way anew where it waits.
local function reroute(P, agent)
  local known = redis.call('HMGET', P .. 'agent:' .. agent, 'cur', 'home')
  if not known[1] then return end
  local score, labels = takeWaiting(P, known[2], known[1])
  if score then redirect(P, agent, known[1], score, labels) end
end
