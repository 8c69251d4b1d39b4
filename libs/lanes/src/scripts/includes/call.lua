-- What the call that runs knows by now. All calls share one Lua state, in which nothing else may change.

local call

-- Forgets what the call before knew.
local function begin()
  call = { arrivals = 0, mailboxed = 0, carried = {}, carriersLeft = {}, noticed = {}, pins = {}, reserved = 0, routable = {}, woken = {} }
end
