-- Redis time.

-- Redis time in ms, the same throughout a call.
local function now()
  if not call.nowMs then
    call.time = redis.call('TIME')
    call.nowMs = call.time[1] * 1000 + math.floor(call.time[2] / 1000)
  end
  return call.nowMs
end

-- The same as text: Redis takes as long to write a number of 13 digits as for a cheap command.
local function nowText()
  now()
  return call.time[1] .. string.sub('00000' .. call.time[2], -6, -4)
end
