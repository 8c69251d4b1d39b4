-- Redis time.

-- Redis time in ms, the same throughout a call.
local function now()
  if not call.nowMs then
    local time = redis.call('TIME')
    call.nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
  end
  return call.nowMs
end
