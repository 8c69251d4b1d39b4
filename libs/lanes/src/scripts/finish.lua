-- Ends a task for good with BullMQ's own script, releases its agent's next task and fills the slot again.
-- Atomic: no task ends without its successor released. A re-sent call is answered, not repeated.
-- KEYS [1-14] as BullMQ's moveToFinished, active being a list used by this script only
-- ARGV [1-9] as BullMQ's, never fetching [10] pool prefix [11] worker [12] incarnation [13] slot token [14] now in ms
--      [15] session TTL in ms [16] '1' to fill the slot again, '2' also by labels, '0' not to
--      [17] agents whose state the worker can hold, '' for no limit
-- RETURNS BullMQ's code below or above 0, else 0 or the next task as pull does
-- COST BullMQ's own, and O(log n)
--- @include "leave-slot"
local function bullmq()
--- @bullmq "moveToFinished"
end

local P, worker, incarnation, id = ARGV[10], ARGV[11], ARGV[12], ARGV[1]
local slot = { token = ARGV[13], nowMs = ARGV[14], sessionMs = ARGV[15], takes = ARGV[16], maxAgents = tonumber(ARGV[17]) }
local state = slotState(P, worker, slot, id)
if type(state) == 'number' then return state end
if state == 'held' then
  local agent = agentOf(P, id)
  local code = asActive(P, KEYS[2], id, slot, bullmq)
  if type(code) ~= 'number' or code ~= 0 then return code end
  leaveSlotOfAny(P, worker, slot.token, id)
  settle(P, agent, id, slot.sessionMs)
end
return refill(P, worker, incarnation, slot, ARGV[16])
