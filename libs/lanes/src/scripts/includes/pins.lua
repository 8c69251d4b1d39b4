-- Pins: an operator's word on which worker runs an agent. Field `pin` of the agent's hash: `<ms until which, 0 for ever> <kind>
-- <worker>`. The agent's tasks go there and nowhere else ('strict'), to others while it takes nothing ('soft'), or there once
-- ('once').
--- @include "ttl"
--- @include "order"

-- Tells the journal what somebody ordered for an agent.
local function tellAgentOrder(P, event, agent, worker, by, why)
  tellOrder(P .. 'journal', { 'event', event, 'agent', agent, 'worker', worker }, by, why)
end

local function readPin(field)
  local untilMs, kind, worker = string.match(field, '^(%d+) (%a+) (.+)$')
  return { untilMs = tonumber(untilMs), kind = kind, worker = worker }
end

local function dropPin(P, agent)
  call.pins[agent] = nil
  redis.call('HDEL', P .. 'agent:' .. agent, 'pin')
end

-- Ends a pin that nobody took back. reason: why, for the journal.
local function endPin(P, agent, pin, reason)
  dropPin(P, agent)
  redis.call('XADD', P .. 'journal', 'MAXLEN', '~', '100000', '*', 'event', 'unpinned', 'agent', agent, 'worker', pin.worker,
    'reason', reason)
end

-- The pin of an agent that is in force, nil for none; ends one whose time is over. field: as the hash has it.
local function pinIn(P, agent, field)
  if not field then return nil end
  local pin = readPin(field)
  if pin.untilMs > 0 and pin.untilMs <= now() then
    endPin(P, agent, pin, 'ttl')
    return nil
  end
  call.pins[agent] = pin
  return pin
end

-- Whether an agent whose pin this call has met waits for one worker.
local function insists(agent)
  local pin = call.pins[agent]
  return pin ~= nil and pin.kind == 'strict'
end

-- From which ms on strangers may take an agent's task out of a worker's lane: 0 for any time, nil for never.
local function lentFromMs(agent, worker)
  local pin = call.pins[agent]
  if not pin or pin.worker ~= worker then return 0 end
  return pin.untilMs > 0 and pin.untilMs or nil
end

-- Looks again for the worker that a task waits for at a given ms: it waits among the delayed tasks, in nobody's way.
local function park(P, id, dueAtMs)
  redis.call('ZADD', P .. 'delayed', string.format('%.0f', dueAtMs * 4096), id)
  redis.call('ZADD', P .. 'parked', dueAtMs, id)
end

-- A task waits for the worker that its agent insists on, which may never come: the leader looks after its time to start.
local function awaitPin(P, id)
  park(P, id, now() + 1000)
  expireAt(P, id, redis.call('HGET', P .. id, 'late'))
end

-- An idle agent is forgotten after its session, but not while it is pinned or paused. pin, paused: as its hash has them.
local function ageAgent(key, pin, paused, sessionMs)
  local untilMs = pin and readPin(pin).untilMs
  if untilMs == 0 or paused then return redis.call('PERSIST', key) end
  redis.call('PEXPIRE', key, math.max(tonumber(sessionMs), (untilMs or 0) - now()))
end
