-- Redis time.

local readMs

-- Redis time in ms, the same throughout a script.
local function now()
  if not readMs then
    local time = redis.call('TIME')
    readMs = time[1] * 1000 + math.floor(time[2] / 1000)
  end
  return readMs
end
