-- Makes a schedule's next firing, as the one before it is handed out. BullMQ's own script, also while Redis is full: the task that is handed
-- out is in its slot by then, and would stay there. A re-sent call does nothing.
-- KEYS [1-12] as BullMQ's updateJobScheduler
-- ARGV [1-7] as BullMQ's
-- RETURNS BullMQ's: the id of the next firing, nil when it is there or the schedule has gone
-- COST BullMQ's own
local function bullmq()
--- @bullmq "updateJobScheduler"
end
return bullmq()
