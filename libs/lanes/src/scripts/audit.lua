-- Notes what a person or a program changed, once for each nonce.
-- KEYS [1] audit [2] the nonce's key
-- ARGV [1] most entries kept, about, then pairs of field and value
-- RETURNS the id of the entry
-- COST O(1)
local known = redis.call('GET', KEYS[2])
if known then return known end
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', unpack(ARGV, 2))
redis.call('SET', KEYS[2], id, 'PX', '60000')
return id
