-- What a placement decides on: the oldest yard tasks and the load of every routable worker, of one instant.
-- KEYS [1] yard [2] routable
-- ARGV [1] pool prefix [2] limit of yard tasks
-- RETURNS {yard task ids, flat list of worker, slots, running, waiting, whom each task avoids or an empty list for none at all}
-- COST O(limit + workers)
local P = ARGV[1]
local tasks = redis.call('ZRANGE', KEYS[1], 0, ARGV[2] - 1)
local load = {}
if #tasks == 0 then return { tasks, load, {} } end
local routable = redis.call('HGETALL', KEYS[2])
for i = 1, #routable, 2 do
  local lane = P .. 'lane:' .. routable[i]
  load[#load + 1] = routable[i]
  load[#load + 1] = routable[i + 1]
  load[#load + 1] = redis.call('HLEN', lane .. ':slots')
  load[#load + 1] = redis.call('ZCARD', lane .. ':prioritized')
end
local hasAvoided = redis.call('EXISTS', P .. 'avoids') == 1
return { tasks, load, hasAvoided and redis.call('HMGET', P .. 'avoids', unpack(tasks)) or {} }
