-- Stores what was learnt of one mail server, and counts its answer; for an MX registrable domain the latter only.
-- KEYS: host, budget. ARGV: now, record or empty, its end, tally or empty, scope, threshold, idle ms.
local left = ARGV[2] ~= '' and tonumber(ARGV[3]) - now_ms or 0
if left > 0 then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', int(left))
end
if ARGV[4] ~= '' then
  local due, breakers, breaker = read_host(on('GET', KEYS[2]), ARGV[5])
  count(breaker, ARGV[4], tonumber(ARGV[6]))
  write_budget(KEYS[2], due, breakers, ARGV[7])
end
return { int(now) }
