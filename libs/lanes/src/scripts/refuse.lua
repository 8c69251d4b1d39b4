-- Gives a running task back that does not belong on its worker. Its attempt does not count, its agent loses this home, and the
-- workers that refused it leave it to others. Atomic: the agent stays held.
-- KEYS [1] job hash
-- ARGV [1] pool prefix [2] worker [3] slot token [4] task id [5] session TTL in ms [6] most workers that may refuse one attempt
-- RETURNS 0, -1 missing task, -2 slot lost, or the workers that refused it when none is left for it, or its agent is
--      pinned here: it goes on running
-- COST O(log n + workers that refused it)
--- @include "leave-slot"
local P, worker, token, id = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local state = slotState(P, worker, { token = token, sessionMs = ARGV[5] }, id)
if state == 'done' then return 0 end
if state ~= 'held' then return state end
local refusers = avoidedWith(P, id, worker)
local agent = agentOf(P, id)
local pin = agent ~= '' and pinIn(P, agent, redis.call('HGET', P .. 'agent:' .. agent, 'pin'))
-- One that is pinned here would come back at once.
if pin and pin.worker == worker then return refusers end
if #refusers >= tonumber(ARGV[6]) or not isOneLeft(P, id, refusers) then return refusers end
setAvoided(P, id, refusers)
redis.call('HINCRBY', KEYS[1], 'refusals', 1)
loseHome(P, agent, worker, 'wrong-worker')
putBack(P, worker, token, id)
release(P, agent, id)
return 0
