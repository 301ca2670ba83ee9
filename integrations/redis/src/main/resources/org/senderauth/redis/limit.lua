-- CalloutStateAdmin.entries: a rate limit and its circuit breakers as they are now. KEYS: start, reset, limit.
-- ARGV: now, interval, burst, and the kind: domain, host or overall.
-- Replies: now, 1 if there is such a limit, when it is full again, for each open breaker its number and when it is judged.
local interval, burst, kind = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local value = on('GET', KEYS[3])
local due, breakers = 0, {}
if kind == 'domain' then
  local domain = read_domain(value)
  due, breakers = domain.due, domain.breakers
elseif kind == 'host' then
  due, breakers = read_host(value, '')
else
  due = number(KEYS[3])
end
local there = value or kind == 'overall'
local reply = { int(now), there and 1 or 0, int(filled(due, empty_since(KEYS[1], KEYS[2]), interval, burst)) }
for i, breaker in ipairs(breakers) do
  judge(breaker)
  if breaker.open then
    reply[#reply + 1] = i
    reply[#reply + 1] = int(breaker.since + breaker.kind[1])
  end
end
return reply
