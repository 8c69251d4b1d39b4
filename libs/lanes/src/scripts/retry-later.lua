-- Parks a failed task in the delayed set with its agent held, and fills the slot again.
-- Atomic: no task ends without its successor released. A re-sent call is answered, not repeated.
-- KEYS [1-11] as BullMQ's moveToDelayed, active being a list used by this script only
-- ARGV [1-9] as BullMQ's, never fetching; [2], the worker's clock, gives way to Redis' [10] pool prefix [11] worker
--      [12] incarnation [13] slot token [14] now in ms [15] session TTL in ms
--      [16] '1' to fill the slot again, '2' also by labels, '0' not to
--      [17] agents whose state the worker can hold, '' for no limit [18] '1' when the attempt failed
-- RETURNS BullMQ's code below or above 0, else 0 or the next task as pull does
-- COST BullMQ's own, and O(log n)
--- @include "leave-slot"
--- @include "retry"
local function bullmq()
--- @bullmq "moveToDelayed"
end

local P, worker, incarnation, id = ARGV[10], ARGV[11], ARGV[12], ARGV[3]
local slot = { token = ARGV[13], nowMs = ARGV[14], sessionMs = ARGV[15], takes = ARGV[16], maxAgents = tonumber(ARGV[17]) }
local state = slotState(P, worker, slot, id)
if type(state) == 'number' then return state end
if state == 'held' then
  ARGV[2] = now()
  local code = asActive(P, KEYS[2], id, slot, bullmq)
  if type(code) ~= 'number' or code ~= 0 then return code end
  leaveSlotOfAny(P, worker, slot.token, id)
  heedCancel(P, id)
  if ARGV[18] == '1' then noteFailure(P, agentOf(P, id), id, worker) end
  redis.call('ZADD', P .. 'parked', math.floor(redis.call('ZSCORE', KEYS[4], id) / 4096), id)
end
return refill(P, worker, incarnation, slot, ARGV[16])
