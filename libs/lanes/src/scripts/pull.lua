-- A free slot takes the oldest task of its own lane and the yards it may take from; only when all are empty, the one of another
-- lane whose patience ended first, and its agent with it. Further slots are filled the same way while the lane holds more.
-- Atomic: the task, its agent's home and the slot agree.
-- KEYS [1] the lane's prioritized set [2] yard
-- ARGV [1] pool prefix [2] worker [3] incarnation [4] slot token [5] now in ms [6] session TTL in ms
--      [7] agents whose state the worker can hold, '' for no limit [8] what it takes besides its lane (see isStraggling),
--      then tokens of further slots
-- RETURNS per filled slot {job fields, id, 0, 0, fence, 'warm'|'cold', agent key, number of sets that hold more to take, ms, number of
--      agents beyond what it can hold, who ends the agent's state before, ms it could have started}; alone, 0 for nothing, or
--      {0, 0, 0, ms}. ms: in how many to look again although nobody wakes the worker, 0 when it need not. Both numbers are the
--      last slot's
-- COST O(slots x log n), and O(label sets the pool has in use) per slot for a worker with labels
--- @include "pull"
--- @include "look-ahead"
local P, worker, incarnation, takes = ARGV[1], ARGV[2], ARGV[3], ARGV[8]

local function fill(token)
  return pull(P, worker, incarnation, { token = token, nowMs = ARGV[5], sessionMs = ARGV[6], maxAgents = tonumber(ARGV[7]),
    takes = takes, isFetching = true })
end

-- Whether a further slot is to be filled: while there is something in the lane, or in the slot, of a call that is sent again.
local function isFurther(token)
  return redis.call('EXISTS', KEYS[1]) == 1 or redis.call('HEXISTS', P .. 'lane:' .. worker .. ':slots', token) == 1
end

local pulled = { fill(ARGV[4]) }
for i = 9, #ARGV do
  if not hasTask(pulled[#pulled]) or not isFurther(ARGV[i]) then break end
  pulled[#pulled + 1] = fill(ARGV[i])
end
if #pulled > 1 and not hasTask(pulled[#pulled]) then pulled[#pulled] = nil end
local last = pulled[#pulled]
if hasTask(last) then
  last[8], last[9] = lookAhead(P, worker, { KEYS[1], unpack(yardsOf(P, worker, true, takes)) })
end
return pulled
