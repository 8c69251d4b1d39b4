-- Tells the journal what somebody ordered of a schedule, which BullMQ's own scripts have done by then. A re-sent call tells nothing.
-- KEYS [1] journal [2] sent:nonce
-- ARGV [1] 'scheduled' or 'unscheduled' [2] schedule [3] who asks [4] why, '' when nothing was said
--      of one that is there [5] name of its tasks [6] when they are due [7] agent key, '' for none
-- RETURNS 1
-- COST O(1)
--- @include "order"
if not redis.call('SET', KEYS[2], '1', 'NX', 'PX', '60000') then return 1 end
local fields = { 'event', ARGV[1], 'schedule', ARGV[2] }
for i, name in ipairs({ 'task', 'when', 'agent' }) do
  local value = ARGV[4 + i]
  if value and value ~= '' then
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
end
tellOrder(KEYS[1], fields, ARGV[3], ARGV[4])
return 1
