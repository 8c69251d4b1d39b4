-- Publishes how idle workers may take foreign tasks, and what it was learned from, or how many agents there are. Idempotent: all
-- values are absolute.
-- KEYS [1] leader hash [2] pull or agents
-- ARGV [1] term, then pairs of field and value
-- RETURNS 1, or -1 when the term is old
-- COST O(fields)
if redis.call('HGET', KEYS[1], 'term') ~= ARGV[1] then return -1 end
redis.call('HSET', KEYS[2], unpack(ARGV, 2))
return 1
