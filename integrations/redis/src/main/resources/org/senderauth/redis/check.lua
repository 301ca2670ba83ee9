-- Whether Redis answers, takes writes, tells its id, and lets this user run every command that the other scripts use: a
-- missing right is found here, and not in the middle of the mail. KEYS: check. ARGV: now.
local key = KEYS[1]
-- First: only the first write of a script fails if the memory is full.
redis.call('SET', key, replication_id(), 'PX', 60000)

local function may(command, ...)
  local reply = redis.pcall(command, ...)
  if type(reply) == 'table' and reply.err then
    error('NOPERM, this user may not run ' .. command .. ': ' .. reply.err)
  end
end

may('DEL', key)
may('INCR', key)
may('PEXPIRE', key, 60000)
may('PTTL', key)
may('GET', key)
may('MGET', key)
may('DEL', key)
may('HSET', key, 'a', '')
may('HSETNX', key, 'a', '')
may('HGET', key, 'a')
may('HLEN', key)
may('DEL', key)
may('SADD', key, 'a')
may('SCARD', key)
may('DEL', key)
may('ZADD', key, 1, 'a')
may('ZCOUNT', key, 1, 1)
may('ZREM', key, 'a')
may('ZREMRANGEBYSCORE', key, 1, 1)
redis.call('SET', key, replication_id(), 'PX', 60000)
return { int(now) }
