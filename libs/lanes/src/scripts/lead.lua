-- Takes or renews the leadership of a pool. A new leader has a higher term: the ms since 1970 at least, so that none comes again after
-- Redis came back with older data or with none.
-- KEYS [1] leader hash [2] journal
-- ARGV [1] dispatcher id [2] lease in ms [3] names of its own strategies as JSON
-- RETURNS {the term while this dispatcher leads, else 0, the marker of the data set: another one after it was lost}
-- COST O(1)
--- @include "lanes"
local nowMs = now()
redis.call('HSETNX', KEYS[1], 'dataSet', ARGV[1] .. ':' .. string.format('%.0f', nowMs))
local leader = redis.call('HMGET', KEYS[1], 'id', 'expiresAt', 'dataSet', 'term')
if leader[1] and leader[1] ~= ARGV[1] and tonumber(leader[2]) > nowMs then return { 0, leader[3] } end
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'expiresAt', nowMs + ARGV[2], 'strategies', ARGV[3])
if leader[1] == ARGV[1] then return { tonumber(leader[4]), leader[3] } end
local term = math.max((tonumber(leader[4]) or 0) + 1, nowMs)
redis.call('HSET', KEYS[1], 'term', string.format('%.0f', term))
redis.call('XADD', KEYS[2], 'MAXLEN', '~', '100000', '*', 'event', 'leader', 'dispatcher', ARGV[1], 'term',
  string.format('%.0f', term))
return { term, leader[3] }
