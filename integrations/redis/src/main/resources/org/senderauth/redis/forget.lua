-- CalloutStateAdmin.forgetDomain: what is known of a domain, and the circuit breakers of its registrable domain. Its
-- addresses count as absent from now on: their keys do not contain the domain. KEYS: facts, domain, forgotten.
-- ARGV: now, idle ms, how long an address may be kept. Replies: now, how many entries went and breakers were closed.
local count = redis.call('DEL', KEYS[1])
local domain = read_domain(on('GET', KEYS[2]))
local open = 0
for _, breaker in ipairs(domain.breakers) do
  judge(breaker)
  if breaker.open then
    open = open + 1
  end
  breaker.open = false
  begin(breaker)
end
if open > 0 then
  write_domain(KEYS[2], domain, ARGV[2])
end
redis.call('SET', KEYS[3], '1 ' .. int(now_ms), 'PX', ARGV[3])
return { int(now), count + open }
