-- MessageIds: takes a block of numbers. KEYS: start, counter. ARGV: now, block, where to begin if numbers may have
--   been given that this Redis does not know, ms until the counter may be forgotten.
-- Replies: the number before the block.
local before = redis.call('GET', KEYS[2])
if not before then
  before = redis.call('EXISTS', KEYS[1]) == 1 and '0' or ARGV[3]
  redis.call('SET', KEYS[2], before)
  redis.call('SET', KEYS[1], int(now), 'PX', ARGV[4])
end
redis.call('INCRBY', KEYS[2], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return { before }
