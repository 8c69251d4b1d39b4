-- Workers that can hold the state of so many agents only: `P held:<worker>` has them by the ms their last task began there.
--- @include "lanes"

-- The worker holds an agent's state no longer: its next task is free to go anywhere. why: the reason to leave its home.
local function dropState(P, agent, worker, why)
  loseHome(P, agent, worker, why)
  redis.call('HDEL', P .. 'agent:' .. agent, 'held', 'ran', 'warm')
end
