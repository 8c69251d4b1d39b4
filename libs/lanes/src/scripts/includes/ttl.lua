-- How long a task may wait for its first start, by the clock of Redis: its field `late` is the ms from which on it must not start.
--- @include "clock"

-- The `ttl` in a task's options as JSON, in ms; nil for none.
local function ttlIn(opts)
  if not opts or not string.find(opts, '"ttl"', 1, true) then return nil end
  local ok, options = pcall(cjson.decode, opts)
  return ok and type(options) == 'table' and tonumber(options['ttl']) or nil
end

-- Begins the time of a task that has arrived. Returns its end, nil without a ttl.
local function beginTtl(P, id, ttlMs)
  if not ttlMs then return nil end
  local lateAtMs = string.format('%.0f', now() + ttlMs)
  redis.call('HSET', P .. id, 'late', lateAtMs)
  return lateAtMs
end

-- Has the leader end a task that no worker may ever come to.
local function expireAt(P, id, lateAtMs)
  if lateAtMs then redis.call('ZADD', P .. 'expiring', 'NX', lateAtMs, id) end
end

-- Why a task of these fields must not start any more, nil when it may.
local function whyLate(job)
  if not job.late or tonumber(job.ats) > 0 or now() <= tonumber(job.late) then return nil end
  return 'expired: it had not started ' .. (ttlIn(job.opts) or 0) .. ' ms after it was enqueued or due'
end
