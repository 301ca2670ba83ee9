-- AliasStore.put: keeps an address, or keeps it longer. KEYS: alias. ARGV: now, ms until it may be dropped, address.
local left = redis.call('PTTL', KEYS[1])
redis.call('SET', KEYS[1], '1 ' .. ARGV[3], 'PX', int(math.max(left, tonumber(ARGV[2]))))
return { ARGV[3] }
