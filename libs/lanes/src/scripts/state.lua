-- Where a task is, in Shunt's words. One script, so the answer is of one instant.
-- KEYS [1] the job hash
-- ARGV [1] pool prefix [2] task id
-- RETURNS {state, worker or ''}: intake, mailbox, lane, yard, running, delayed, waiting-children, completed, failed, missing
-- FLAGS no-writes
-- COST O(log n), and O(n) of the intake when nothing else holds it
--- @include "lanes"
local P, id = ARGV[1], ARGV[2]
if not isTask(KEYS[1]) then return { 'missing', '' } end
for _, set in ipairs({ 'completed', 'failed', 'delayed', 'waiting-children' }) do
  if redis.call('ZSCORE', P .. set, id) then return { set, '' } end
end
if redis.call('ZSCORE', yardOf(P, redis.call('HGET', KEYS[1], 'lb') or ''), id) then return { 'yard', '' } end
local agent = agentOf(P, id)
if redis.call('ZSCORE', P .. 'mailbox:' .. agent, id) then return { 'mailbox', '' } end
for _, worker in ipairs(redis.call('HKEYS', P .. 'incarnations')) do
  if redis.call('ZSCORE', P .. 'lane:' .. worker .. ':prioritized', id) then return { 'lane', worker } end
  for _, running in ipairs(redis.call('HVALS', P .. 'lane:' .. worker .. ':slots')) do
    if running == id then return { 'running', worker } end
  end
end
return { 'intake', '' }
