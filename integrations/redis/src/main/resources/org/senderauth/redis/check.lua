-- Whether Redis answers and takes writes. KEYS: check. ARGV: now.
redis.call('SET', KEYS[1], int(now), 'PX', 60000)
return { int(now) }
