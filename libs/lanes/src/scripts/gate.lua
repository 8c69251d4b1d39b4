-- Closes a pool to new tasks for a while or opens it, under a leader's term. Atomic: an old leader changes nothing.
-- KEYS [1] leader hash [2] closed
-- ARGV [1] term [2] reason and ms after which a producer may ask again, `memory:2000`, '' to open
--      [3] ms it stays closed unless it is called again
-- RETURNS 1, or -1 when the term is old
-- COST O(1)
if redis.call('HGET', KEYS[1], 'term') ~= ARGV[1] then return -1 end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[2])
else
  redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
end
return 1
