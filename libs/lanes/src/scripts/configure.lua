-- Makes a configuration the pool's, if it is still upon the version it was made from, and tells the journal what changed.
-- Atomic: all of it or none, and of two writers that read the same version one is refused.
-- KEYS [1] config [2] journal [3] sent:nonce
-- ARGV [1] version it replaces, 0 for none [2] nonce of the call [3] the whole configuration as JSON [4] who changes it
--      [5] digest of the file it comes from, '' for none [6] why, '' when nothing was said, then of each changed key: its name, its old and its new value
-- RETURNS {1, version now}, {0, version there is} when that is another one than it replaces, {2, version there is} when the text of the file
--         was applied before: what was changed since stays
-- COST O(changed keys)
--- @include "order"
local sent = redis.call('GET', KEYS[3])
if sent then return { 1, tonumber(sent) } end
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or 0)
if ARGV[5] ~= '' and redis.call('HGET', KEYS[1], 'file') == ARGV[5] then return { 2, version } end
if version ~= tonumber(ARGV[1]) then return { 0, version } end
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'file', ARGV[5]) end
if #ARGV > 6 then
  version = version + 1
  redis.call('HSET', KEYS[1], 'version', version, 'nonce', ARGV[2], 'json', ARGV[3])
end
for i = 7, #ARGV, 3 do
  local fields = { 'event', 'configured', 'version', version, 'key', ARGV[i], 'from', ARGV[i + 1], 'to', ARGV[i + 2] }
  tellOrder(KEYS[2], fields, ARGV[4], ARGV[6])
end
redis.call('SET', KEYS[3], version, 'PX', '60000')
return { 1, version }
