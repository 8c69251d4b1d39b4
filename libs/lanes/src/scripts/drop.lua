-- A life of a worker tells that it holds the states of some agents no longer: they lose their home, and their tasks that
-- wait in its lane go to the yard, or back to where they are pinned. Atomic: home and lane agree.
-- KEYS [1] incarnations [2] the lane's prioritized set
-- ARGV [1] pool prefix [2] worker [3] incarnation, then agent keys
-- RETURNS number of agents that lost their home
-- COST O(agents x log n)
--- @include "held"
local P, worker, incarnation = ARGV[1], ARGV[2], ARGV[3]
if redis.call('HGET', KEYS[1], worker) ~= incarnation then return 0 end
local dropped = 0
for i = 4, #ARGV do
  local agent = ARGV[i]
  local known = redis.call('HMGET', P .. 'agent:' .. agent, 'home', 'cur')
  redis.call('ZREM', P .. 'held:' .. worker, agent)
  if known[1] == worker then
    dropState(P, agent, worker, 'evicted-state')
    dropped = dropped + 1
    local score = known[2] and redis.call('ZSCORE', KEYS[2], known[2])
    if score then
      redis.call('ZREM', KEYS[2], known[2])
      withdraw(P, worker, known[2])
      redirect(P, agent, known[2], score, redis.call('HGET', P .. known[2], 'lb'))
    end
  end
end
return dropped
