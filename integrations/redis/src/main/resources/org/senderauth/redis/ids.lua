-- MessageIds: takes a block of numbers. KEYS: start, counter. ARGV: now, block, time unit, where to begin if numbers may
--   have been given that this Redis does not know, ms until the counter may be forgotten.
-- Replies: the number before the block.
-- A counter is: format, the id of the Redis that gave the numbers, the last one. The start is: format, id, the first
-- time unit of which nobody can have given numbers before; the one after the next, since hosts' clocks differ.
local id = replication_id()
local noted_by, new_from = string.match(on('GET', KEYS[1]) or '', '^1 (%x+) (%d+)$')
if noted_by ~= id then
  new_from = int(ARGV[3] + 2)
end
local counter = on('GET', KEYS[2])
local counted_by, last = string.match(counter or '', '^1 (%x+) (%d+)$')
if counted_by ~= id then
  last = not counter and tonumber(ARGV[3]) >= tonumber(new_from) and '0' or ARGV[4]
end
redis.call('SET', KEYS[1], '1 ' .. id .. ' ' .. new_from, 'PX', ARGV[5])
redis.call('SET', KEYS[2], '1 ' .. id .. ' ' .. int(last + ARGV[2]), 'PX', ARGV[5])
return { last }
