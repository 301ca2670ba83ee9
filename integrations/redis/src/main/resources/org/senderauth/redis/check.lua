-- Whether Redis answers, takes writes and tells its id. KEYS: check. ARGV: now.
redis.call('SET', KEYS[1], replication_id(), 'PX', 60000)
return { int(now) }
