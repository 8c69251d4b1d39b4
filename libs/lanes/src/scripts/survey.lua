-- What a placement decides on: the oldest yard tasks and the load of every routable worker, of one instant.
-- KEYS [1] yard [2] routable
-- ARGV [1] pool prefix [2] limit of yard tasks
-- RETURNS {flat list of yard task ids and scores, flat list of worker, slots, running, waiting, labels keys that wait}
-- FLAGS no-writes
-- COST O(limit + workers + label sets)
--- @include "lanes"
local P = ARGV[1]
local tasks = redis.call('ZRANGE', KEYS[1], 0, ARGV[2] - 1, 'WITHSCORES')
local load, labelled = {}, {}
for _, labels in ipairs(redis.call('ZRANGE', P .. 'labelsets', '0', '-1')) do
  if redis.call('EXISTS', yardOf(P, labels)) == 1 then labelled[#labelled + 1] = labels end
end
if #tasks == 0 and #labelled == 0 then return { tasks, load, labelled } end
local routable = redis.call('HGETALL', KEYS[2])
for i = 1, #routable, 2 do
  local lane = P .. 'lane:' .. routable[i]
  load[#load + 1] = routable[i]
  load[#load + 1] = routable[i + 1]
  load[#load + 1] = redis.call('HLEN', lane .. ':slots')
  load[#load + 1] = redis.call('ZCARD', lane .. ':prioritized')
end
return { tasks, load, labelled }
