-- Affinity in the options of a task that plain BullMQ added, a schedule's among them.
--- @include "stealable"

-- The patience of its own that a task's options as JSON ask for, as its hash keeps it; nil for none. What is no affinity is the pool's,
-- what is no timeout is for ever.
local function patienceIn(opts)
  if not opts or not string.find(opts, '"affinity"', 1, true) then return nil end
  local ok, options = pcall(cjson.decode, opts)
  local affinity = ok and type(options) == 'table' and options['affinity']
  if affinity == 'none' then return '0' end
  if affinity == 'soft' then return 'soft' end
  if affinity ~= 'strict' then return nil end
  local timeoutMs = tonumber(options['affinityTimeout'])
  return timeoutMs and timeoutMs >= 0 and string.format('%.0f', timeoutMs) or '-1'
end
