-- CalloutState.release. KEYS: lease, running. ARGV: now, token.
if string.match(redis.call('GET', KEYS[1]) or '', '^%S+') == ARGV[2] then
  redis.call('DEL', KEYS[1])
end
redis.call('ZREM', KEYS[2], ARGV[2])
return { int(now) }
