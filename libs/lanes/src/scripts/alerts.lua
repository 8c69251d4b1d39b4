-- Keeps the alerts of a pool under a leader's term, and tells the journal which began or ended. Atomic: an old leader changes
-- nothing, and what the journal tells is what is kept.
-- KEYS [1] leader hash [2] alerts [3] journal
-- ARGV [1] term [2] the alerts as JSON, then of each that fires or is resolved from now on: its name, its state and its text
-- RETURNS 1, or -1 when the term is old
-- COST O(changed alerts)
if redis.call('HGET', KEYS[1], 'term') ~= ARGV[1] then return -1 end
if redis.call('GET', KEYS[2]) == ARGV[2] then return 1 end
redis.call('SET', KEYS[2], ARGV[2])
for i = 3, #ARGV, 3 do
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', '100000', '*', 'event', 'alert', 'alert', ARGV[i], 'to', ARGV[i + 1],
    'reason', ARGV[i + 2])
end
return 1
