-- CalloutState.admitHost for an address, and before it for an MX registrable domain, which has no record.
-- KEYS: start, reset, host, budget. ARGV: now, reserved, interval, burst, idle ms, reset ms, scope.
-- Replies: BLOCKED, EXHAUSTED, ATTACKED or OPEN, now, the host's record.
note_reset(KEYS[2], ARGV[6])
local value = on('GET', KEYS[3]) or ''
-- A host's record is: format, trouble or -, blocked until, repeats, needs TLS until, refuses null until.
local trouble, blocked_until = string.match(value, '^1 (%S+) (%d+) %d+ %d+ %d+$')
blocked_until = tonumber(blocked_until)
if trouble and trouble ~= '-' and now_ms < blocked_until and blocked_until <= now_ms + AVOIDED_MS then
  return { 'BLOCKED', int(now), value }
end
local reserved, interval, burst = ARGV[2] == '1', tonumber(ARGV[3]), tonumber(ARGV[4])
local since = empty_since(KEYS[1], KEYS[2])
local stored, breakers, breaker = read_host(on('GET', KEYS[4]), ARGV[7])
local due = filled(stored, since, interval, burst)
if not allows(due, interval, burst, reserved, 1) then
  return { 'EXHAUSTED', int(now), '' }
end
if not admits(breaker) then
  return { 'ATTACKED', int(now), '' }
end
write_budget(KEYS[4], taken(due, interval, 1), breakers, ARGV[5])
redis.call('PEXPIRE', KEYS[1], START_KEPT_MS)
return { 'OPEN', int(now), value }
