-- Parks a parent until its children are done, and lets its agent go on meanwhile.
-- Atomic: no task ends without its successor released. A re-sent call is answered, not repeated.
-- KEYS [1-7] as BullMQ's moveToWaitingChildren, active being a list used by this script only
-- ARGV [1-5] as BullMQ's, never fetching [6] pool prefix [7] worker [8] incarnation [9] slot token [10] now in ms
--      [11] session TTL in ms [12] '1' to fill the slot again
--      [13] agents whose state the worker can hold, '' for no limit
-- RETURNS BullMQ's code below or above 0, else 0 or the next task as pull does
-- COST BullMQ's own, and O(log n)
--- @include "leave-slot"
local function bullmq()
--- @bullmq "moveToWaitingChildren"
end

local P, worker, incarnation, id = ARGV[6], ARGV[7], ARGV[8], ARGV[4]
local slot = { token = ARGV[9], nowMs = ARGV[10], sessionMs = ARGV[11], maxAgents = tonumber(ARGV[13]) }
local state = slotState(P, worker, slot, id)
if type(state) == 'number' then return state end
if state == 'held' then
  local agent = agentOf(P, id)
  local code = asActive(P, KEYS[1], id, slot, bullmq)
  if type(code) ~= 'number' or code ~= 0 then return code end
  leaveSlotOfAny(P, worker, slot.token, id)
  settle(P, agent, id, slot.sessionMs)
end
return refill(P, worker, incarnation, slot, ARGV[12])
