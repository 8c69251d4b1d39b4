-- Keeps what a leader finds of how many workers a pool needs, and whom it is taking out. Idempotent: all values are absolute.
-- KEYS [1] leader hash [2] scale
-- ARGV [1] term, then pairs of field and value
-- RETURNS 1, or -1 when the term is old
-- COST O(fields)
if redis.call('HGET', KEYS[1], 'term') ~= ARGV[1] then return -1 end
redis.call('HSET', KEYS[2], unpack(ARGV, 2))
return 1
