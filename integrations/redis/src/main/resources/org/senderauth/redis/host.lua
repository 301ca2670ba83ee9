-- Stores what was learnt of one mail server. KEYS: host. ARGV: now, record, its end.
local left = tonumber(ARGV[3]) - now_ms
if left > 0 then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', int(left))
end
return { int(now) }
