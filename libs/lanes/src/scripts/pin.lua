-- Has an agent's tasks go to one worker. One that waits goes there at once; one that runs ends where it is. Takes the place of
-- an earlier pin. A re-sent call is answered, not repeated.
-- KEYS [1] agent hash [2] workers
-- ARGV [1] pool prefix [2] agent key [3] worker [4] 'strict', 'soft' or 'once' [5] ms it lasts, 0 for ever
--      [6] session TTL in ms [7] nonce [8] '1' only to tell whether it may be
--      [9] who asks [10] why, '' when nothing was said
-- RETURNS 'pinned', 'no-worker', or '<labels key>' of a task, up to 100 behind the current one, that the worker may not run
-- COST O(log n)
--- @include "waiting"
local P, agent, worker, kind, lastsMs = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local known = redis.call('HMGET', KEYS[1], 'cur', 'asked', 'paused')
if known[2] == ARGV[7] then return 'pinned' end
if redis.call('HEXISTS', KEYS[2], worker) == 0 then return 'no-worker' end

local tasks = redis.call('ZRANGE', P .. 'mailbox:' .. agent, '0', '99')
tasks[#tasks + 1] = known[1] or nil
for _, id in ipairs(tasks) do
  local labels = redis.call('HGET', P .. id, 'lb') or ''
  if not carries(P, worker, labels) then return labels end
end
if ARGV[8] == '1' then return 'pinned' end
local untilMs = lastsMs > 0 and now() + lastsMs or 0
local pin = string.format('%.0f %s %s', untilMs, kind, worker)
redis.call('HSET', KEYS[1], 'pin', pin, 'asked', ARGV[7])
tellOrder(P .. 'journal', { 'event', 'pinned', 'agent', agent, 'worker', worker, 'reason', kind }, ARGV[9], ARGV[10])
if known[1] then reroute(P, agent) else ageAgent(KEYS[1], pin, known[3], ARGV[6]) end
return 'pinned'
