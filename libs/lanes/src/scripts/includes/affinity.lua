-- Affinity in the options of a task that plain BullMQ added, a schedule's among them.
--- @include "stealable"

-- A span in ms as the hash keeps it; what is none is `otherwise`.
local function spanOr(value, otherwise)
  local ms = tonumber(value)
  return ms and ms >= 0 and string.format('%.0f', ms) or otherwise
end

-- The patience of its own that a task's options as JSON ask for, as its hash keeps it; nil for none. What is no affinity is the pool's,
-- what is no timeout is for ever.
local function patienceIn(opts)
  local isTold = opts and (string.find(opts, '"affinity"', 1, true) or string.find(opts, '"spillAfter"', 1, true))
  if not isTold then return nil end
  local ok, options = pcall(cjson.decode, opts)
  if not ok or type(options) ~= 'table' then return nil end
  local affinity = options['affinity']
  if affinity == 'none' then return '0' end
  if affinity == 'strict' then return spanOr(options['affinityTimeout'], '-1') end
  return spanOr(options['spillAfter'], affinity == 'soft' and 'soft' or nil)
end
