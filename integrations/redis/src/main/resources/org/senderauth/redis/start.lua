-- Notes when this Redis began to know anything. KEYS: start. ARGV: now.
redis.call('SET', KEYS[1], int(now), 'NX', 'PX', START_KEPT_MS)
return { int(now) }
