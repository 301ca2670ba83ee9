-- CalloutState.enterHost. KEYS: start, reset, host, budget. ARGV: now, preferred, interval, burst, idle ms, reset ms.
-- Replies: BLOCKED, EXHAUSTED or OPEN, now, the host's record.
note_reset(KEYS[2], ARGV[6])
local value = redis.call('GET', KEYS[3]) or ''
-- A host's record is: format, trouble or -, blocked until, repeats, needs TLS until, refuses null until.
local trouble, blocked_until = string.match(value, '^1 (%S+) (%d+) %d+ %d+ %d+$')
if trouble and trouble ~= '-' and now_ms < tonumber(blocked_until) then
  return { 'BLOCKED', int(now), value }
end
local preferred, interval, burst = ARGV[2] == '1', tonumber(ARGV[3]), tonumber(ARGV[4])
local since = empty_since(KEYS[1], KEYS[2])
local due = filled(redis.call('GET', KEYS[4]), since, interval, burst)
if not allows(due, interval, burst, preferred, 1) then
  return { 'EXHAUSTED', int(now), '' }
end
redis.call('SET', KEYS[4], int(taken(due, interval, 1)), 'PX', ARGV[5])
redis.call('PEXPIRE', KEYS[1], START_KEPT_MS)
return { 'OPEN', int(now), value }
