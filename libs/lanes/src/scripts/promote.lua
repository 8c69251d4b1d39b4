-- Takes due tasks out of the delayed set: a retry to its agent's home, anything else as if it had just arrived.
-- KEYS [1] delayed
-- ARGV [1] pool prefix [2] limit [3] now in ms
-- RETURNS {number promoted, ms timestamp of the next due task or 0}
-- COST O(limit x log n)
--- @include "admit"
local P, limit, nowMs = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local due = redis.call('ZRANGEBYSCORE', KEYS[1], 0, (tonumber(nowMs) + 1) * 4096 - 1, 'LIMIT', 0, limit)
for _, id in ipairs(due) do
  redis.call('ZREM', KEYS[1], id)
  if redis.call('EXISTS', P .. id) == 1 then
    redis.call('HSET', P .. id, 'delay', 0)
    redis.call('XADD', P .. 'events', '*', 'event', 'waiting', 'jobId', id, 'prev', 'delayed')
    local agent = agentOf(P, id)
    if redis.call('HEXISTS', P .. id, 'ss') == 1
        and (agent == '' or redis.call('HGET', P .. 'agent:' .. agent, 'cur') == id) then
      release(P, agent, id)
    else
      admit(P, id, nowMs)
    end
  end
end
local nextDue = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return { #due, nextDue[2] and math.floor(tonumber(nextDue[2]) / 4096) or 0 }
