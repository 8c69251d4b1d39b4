-- Looks whether each agent's current task is somewhere, and whether somebody is current where tasks wait in the mailbox of an
-- agent that is not paused. Puts right what is not and tells the journal. Idle agents keep their homes no longer than a session
-- TTL that became shorter.
-- KEYS [1] leader [2] journal
-- ARGV [1] pool prefix [2] term [3] session TTL in ms, then agent keys
-- RETURNS {agents whose current task was nowhere, mailboxes that waited for nobody, agents with a current task, agents without one,
--      paused ones in neither}, {-1} when the term is old
-- COST O(agents x (log n + slots)), and O(n) of the intake for each task that nothing else holds
--- @include "lanes"
local P, sessionMs = ARGV[1], ARGV[3]
if redis.call('HGET', KEYS[1], 'term') ~= ARGV[2] then return { -1 } end

local function isRunning(P, id)
  if goesOn(P, id) then return true end
  local worker = redis.call('HGET', P .. id, 'pb')
  for _, running in ipairs(worker and redis.call('HVALS', P .. 'lane:' .. worker .. ':slots') or {}) do
    if running == id then return true end
  end
  return false
end

local function isSomewhere(P, id, home)
  if home and redis.call('ZSCORE', P .. 'lane:' .. home .. ':prioritized', id) then return true end
  if isRunning(P, id) then return true end
  if redis.call('ZSCORE', yardOf(P, redis.call('HGET', P .. id, 'lb') or ''), id) then return true end
  for _, set in ipairs({ 'delayed', 'waiting-children', 'prioritized', 'arrived' }) do
    if redis.call('ZSCORE', P .. set, id) then return true end
  end
  return redis.call('LPOS', P .. 'wait', id) ~= false
end

local function tell(agent, what)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', '100000', '*', 'event', 'repaired', 'agent', agent, 'reason', what)
end

-- A task that has ended, or is gone, gives way to the agent's next one; another goes on from where it belongs.
local function mendCurrent(agent, id)
  local job = redis.call('HMGET', P .. id, 'ss', 'finishedOn')
  if job[1] and not job[2] then release(P, agent, id) else settle(P, agent, id, sessionMs) end
end

local currents, mailboxes, busy, idle = 0, 0, 0, 0
for i = 4, #ARGV do
  local agent = ARGV[i]
  local key = P .. 'agent:' .. agent
  local known = redis.call('HMGET', key, 'cur', 'home', 'paused')
  local isPaused = known[3]
  if known[1] then
    if not isPaused then busy = busy + 1 end
    if not isSomewhere(P, known[1], known[2]) then
      currents = currents + 1
      mendCurrent(agent, known[1])
      tell(agent, 'current task was in no list')
    end
  elseif not isPaused and redis.call('EXISTS', P .. 'mailbox:' .. agent) == 1 then
    mailboxes, busy = mailboxes + 1, busy + 1
    redis.call('HSET', key, 'cur', '')
    settle(P, agent, '', sessionMs)
    tell(agent, 'mailbox waited for nobody')
  elseif not isPaused then
    local leftMs = redis.call('PTTL', key)
    if leftMs ~= -2 then idle = idle + 1 end
    if leftMs > tonumber(sessionMs) then redis.call('PEXPIRE', key, sessionMs) end
  end
end
return { currents, mailboxes, busy, idle }
