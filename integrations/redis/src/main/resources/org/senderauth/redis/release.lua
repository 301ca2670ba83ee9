-- CalloutState.release. KEYS: lease, running. ARGV: now, token.
if string.match(on('GET', KEYS[1]) or '', '^1 (%S+) ') == ARGV[2] then
  redis.call('DEL', KEYS[1])
end
on('ZREM', KEYS[2], ARGV[2])
return { int(now) }
