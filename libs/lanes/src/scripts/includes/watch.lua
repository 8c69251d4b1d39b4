-- Idle workers, and which of them looks next for a task whose patience is over: one for all, so that no crowd wakes for it.
-- `P idle` holds for each the ms at which it looks by itself, `never` for one that waits to be woken.
--- @include "clock"

local never = 9007199254740991
-- A worker that is so late, in ms, is not counted on: it died, or sleeps.
local lateMs = 1000

-- The idle worker that looks first, and when; nil when nobody is idle.
local function firstToLook(P)
  local first = redis.call('ZRANGE', P .. 'idle', '0', '0', 'WITHSCORES')
  while first[1] and tonumber(first[2]) < now() - lateMs do
    redis.call('ZREM', P .. 'idle', first[1])
    first = redis.call('ZRANGE', P .. 'idle', '0', '0', 'WITHSCORES')
  end
  return first[1], tonumber(first[2])
end

-- Keeps when somebody looks, as far as this call knows; 0 when nobody is idle.
local function isAnyoneIdle(P)
  if not call.looksAtMs then
    local _, atMs = firstToLook(P)
    call.looksAtMs = atMs or 0
  end
  return call.looksAtMs > 0
end

-- Sees to it that an idle worker looks at `atMs` or before: wakes one that would look later, and it finds out by its pull.
-- home: the worker in whose lane the task waits, which looks anyway.
local function watch(P, atMs, home)
  if not isAnyoneIdle(P) or call.looksAtMs <= atMs then return end
  local worker = firstToLook(P)
  if worker == home then worker = redis.call('ZRANGE', P .. 'idle', '1', '1')[1] end
  if not worker then return end
  call.looksAtMs = atMs
  redis.call('ZADD', P .. 'idle', atMs, worker)
  redis.call('ZADD', P .. 'lane:' .. worker .. ':marker', '0', '0')
end
