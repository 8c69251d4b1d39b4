-- What a worker was running goes back to where it can be taken, ahead of what arrived after it.
--- @include "lanes"
--- @include "deaths"

-- A task that was on more dead workers than the limit is poison: who takes it next fails it without running it, by what
-- BullMQ's worker reads in `defa`, so that parents and deduplication keys are looked after. limit: nil not to count.
-- One that was ended by force has no more to do than to let its agent go on.
local function giveBack(P, worker, id, limit)
  redis.call('DEL', P .. id .. ':lock')
  redis.call('LREM', P .. 'active', '1', id)
  local agent = agentOf(P, id)
  local isOver = isForced(P, id, worker)
  if isOver then dropForced(P, id, worker) end
  if isOver or redis.call('EXISTS', P .. id) == 0 then return settle(P, agent, id, 0) end
  if limit then
    local deaths, names = redis.call('HINCRBY', P .. id, 'stc', 1), nameDeath(P, worker, id)
    if deaths > limit then
      redis.call('HSET', P .. id, 'defa', 'poison: ' .. deaths .. ' workers died while they ran it: ' .. names)
      tellPoison(P, agent, id, names)
    end
  end
  heedCancel(P, id)
  if limit then redis.call('XADD', P .. 'events', '*', 'event', 'stalled', 'jobId', id) end
  release(P, agent, id)
end

-- Empties the slots of a worker's life that is over. Returns how many tasks it had left.
local function endLife(P, worker, limit)
  local lane = P .. 'lane:' .. worker
  local left = redis.call('HVALS', lane .. ':slots')
  redis.call('DEL', lane .. ':slots', lane .. ':cancels', lane .. ':closes', P .. 'held:' .. worker)
  for _, id in ipairs(left) do giveBack(P, worker, id, limit) end
  return #left
end
