-- What keeps accepted work going is not refused at maxmemory.

-- Redis refuses a script there at its first write, if that one may need memory. This one cannot, and changes nothing: what
-- follows is let through. New tasks alone are refused, so that those that are there can end and make room.
local function evenWhenFull(key) redis.call('PERSIST', key) end
