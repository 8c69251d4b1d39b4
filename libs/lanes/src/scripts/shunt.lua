-- Takes the oldest tasks of the intake to mailboxes, lanes and the yard. Atomic: a task is in exactly one place.
-- KEYS [1] intake wait [2] intake prioritized
-- ARGV [1] pool prefix [2] limit [3] now in ms
-- RETURNS number of tasks taken
-- COST O(limit x log n), and O(p log p) of the p prioritized tasks in the intake
--- @include "intake"
local taken = takeIntake(ARGV[1], tonumber(ARGV[2]), ARGV[3])
countArrivals(ARGV[1])
return taken
