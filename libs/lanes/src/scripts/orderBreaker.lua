-- Sets a worker's breaker by the word of an operator, or gives it back to the rules; the next sweep goes by it.
-- KEYS [1] orders [2] workers [3] journal
-- ARGV [1] worker [2] 'open' or 'closed', 'auto' for the rules [3] who says so [4] why, '' when nothing was said
-- RETURNS 1, -1 when there is no such worker
-- COST O(1)
--- @include "order"
local worker, order = ARGV[1], ARGV[2]
local before = redis.call('HGET', KEYS[1], worker)
if not before and redis.call('HEXISTS', KEYS[2], worker) == 0 then return -1 end
if (before or 'auto') == order then return 1 end
if order == 'auto' then redis.call('HDEL', KEYS[1], worker) else redis.call('HSET', KEYS[1], worker, order) end
tellOrder(KEYS[3], { 'event', 'ordered', 'worker', worker, 'breaker', order }, ARGV[3], ARGV[4])
return 1
