-- CalloutState.learn for what is kept by registrable domain: stores what was learnt and ends the address's lease.
-- KEYS: domain, lease, facts, proofs, pattern, known, records...
-- ARGV: now, token, tally, preferred, forgeries, idle ms; facts, their end; the proof's name, record and end, how many
--   proofs it takes and how long they are collected; for each record its value and its end. Empty: nothing to store.
local function store(key, value, keep_until)
  local left = value ~= '' and tonumber(keep_until) - now_ms or 0
  if left > 0 then
    redis.call('SET', key, value, 'PX', int(left))
  end
end

local domain_key, lease_key, facts_key, proofs_key, pattern_key = unpack(KEYS, 1, 5)
for i = 7, #KEYS do
  store(KEYS[i], ARGV[2 * i], ARGV[2 * i + 1])
end
store(facts_key, ARGV[7], ARGV[8])
if ARGV[9] ~= '' then
  on('SADD', proofs_key, ARGV[9])
  redis.call('PEXPIRE', proofs_key, ARGV[13])
  if redis.call('SCARD', proofs_key) >= tonumber(ARGV[12]) then
    store(pattern_key, ARGV[10], ARGV[11])
    redis.call('DEL', proofs_key)
  end
end
if ARGV[3] == 'GOOD' then
  redis.call('PEXPIRE', KEYS[6], KNOWN_KEPT_MS)
end
if ARGV[3] ~= 'NONE' then
  local domain = read_domain(on('GET', domain_key))
  count(ARGV[4] == '1' and domain.preferred or domain.others, ARGV[3], tonumber(ARGV[5]))
  write_domain(domain_key, domain, ARGV[6])
end
if string.match(on('GET', lease_key) or '', '^1 (%S+) ') == ARGV[2] then
  redis.call('DEL', lease_key)
end
return { int(now) }
