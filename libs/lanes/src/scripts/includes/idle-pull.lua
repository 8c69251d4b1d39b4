-- What an idle worker takes from others, and what it does when there is nothing to take.
--- @include "lanes"

-- Pays for taking an agent from its home: nothing up to half the slots, as that cold start costs nobody anything, else a
-- move of the pool's budget. Returns whether it could.
local function payMove(P, worker, slot, slots)
  local running = P .. 'lane:' .. worker .. ':slots'
  local others = redis.call('HLEN', running) - redis.call('HEXISTS', running, slot.token)
  if others <= slots / 2 then return true end
  local moves = redis.call('HMGET', P .. 'pull', 'granted', 'spent')
  if tonumber(moves[1] or 0) - tonumber(moves[2] or 0) < 1 then return false end
  redis.call('HINCRBY', P .. 'pull', 'spent', 1)
  return true
end

-- Whether a home holds the state of a task's agent. One that was bound and has not run there costs nothing to take: a worker may
-- fill its last slots with older tasks of the yard while others placed with it wait.
local function holdsState(P, home, id)
  local ran = redis.call('HGET', P .. 'agent:' .. agentOf(P, id), 'ran')
  return ran and string.sub(ran, 1, #home + 1) == home .. ':'
end

-- How many of the tasks whose patience ended first every look sees, and how many more behind them when none of those is for the worker:
-- of these each look goes on where the one before ended, so that no number of tasks for others hides what is behind them.
local firstSeen, nextSeen = 16, 64
-- In how many ms a worker looks further that has not seen all yet.
local furtherMs = 16

-- Takes the first task of `stealable` from one rank to another that may run on the worker and that it can pay for, out of its lane.
-- Returns it, nil for none; and whether more are due behind them. look: what the looks of one pull share.
local function takeAmong(P, worker, slot, slots, look, from, to)
  local entries = redis.call('ZRANGE', P .. 'stealable', from, to, 'WITHSCORES')
  for i = 1, #entries, 2 do
    if tonumber(entries[i + 1]) > now() then return nil, false end
    local entry = entries[i]
    local home, id = string.match(entry, '^(%S+) (.*)$')
    local lane = P .. 'lane:' .. home .. ':prioritized'
    if not redis.call('ZSCORE', lane, id) then
      redis.call('ZREM', P .. 'stealable', entry)
    elseif carries(P, worker, redis.call('HGET', P .. id, 'lb') or '') and not isAvoided(P, id, worker) then
      local isFree = not holdsState(P, home, id)
      look.mayPay = isFree or look.mayPay and payMove(P, worker, slot, slots)
      if look.mayPay then
        redis.call('ZREM', P .. 'stealable', entry)
        redis.call('ZREM', lane, id)
        return id
      end
    end
  end
  return nil, #entries == 2 * (to - from + 1)
end

-- Takes the task whose patience ended first, of those that this look sees; nil for none. An entry whose task has left its lane behind
-- our back is dropped on the way.
local function takeForeign(P, worker, slot, slots)
  local first = firstStealable(P)
  if not first[1] or tonumber(first[2]) > now() then return nil end
  local look = { mayPay = true }
  local id, hasMore = takeAmong(P, worker, slot, slots, look, 0, firstSeen - 1)
  if id or not hasMore then return id end
  local seenKey = P .. 'lane:' .. worker .. ':seen'
  local from = tonumber(redis.call('GET', seenKey) or firstSeen)
  id, hasMore = takeAmong(P, worker, slot, slots, look, from, from + nextSeen - 1)
  if id then return id end
  call.seesMore = hasMore and look.mayPay
  if hasMore then
    redis.call('SET', seenKey, from + nextSeen, 'PX', '60000')
  else
    redis.call('DEL', seenKey)
  end
end

-- A worker with a free slot and nothing to put into it is idle, until a pull fills its last one. first: as firstStealable
-- has it. Returns in how many ms it has to look by itself, 0 when somebody else does or nothing waits, and whether it waits
-- by now not knowing that.
local function rest(P, worker, first)
  call.looksAtMs = nil
  if not first[1] then
    redis.call('ZADD', P .. 'idle', 'NX', never, worker)
    return 0, false
  end
  local dueMs = math.ceil(tonumber(first[2]))
  -- One that is due was left: it may not run here, or no move of the budget is left.
  if dueMs <= now() then dueMs = now() + (call.seesMore and furtherMs or lateMs) end
  local other, otherAtMs = firstToLook(P)
  local isWatched = other and other ~= worker and otherAtMs <= dueMs
  local known, atMs = redis.call('ZSCORE', P .. 'idle', worker), isWatched and never or dueMs
  if tonumber(known) ~= atMs then redis.call('ZADD', P .. 'idle', atMs, worker) end
  if isWatched then return 0, false end
  return atMs - now(), known and tonumber(known) ~= atMs
end
