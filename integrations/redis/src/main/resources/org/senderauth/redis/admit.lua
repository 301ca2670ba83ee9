-- CalloutState.admit: what is known, whether somebody is asking, and whether the budgets allow a probe.
-- KEYS: start, reset, facts, domain, lease, running, known, forgotten, address, families...; outside a cluster also
--   overall, client.
-- ARGV: now, token, may probe, preferred, boost, families; the domain's interval, burst, probes, idle ms; reset ms,
--   lease ms; interval and burst overall, bad senders; what the host knows itself: overall spent, client exhausted;
--   until when it waits for a grant, 0 for ever; overall spent for the reserve too; ms until a domain is no longer new.
-- Replies: kind, now, limiter, answer, of domain, stale, prior, family, family's answer, facts, reserved. The kind is KNOWN,
--   REFRESH (known, and granted to ask again), RUNNING, LIMITED, LATE (nobody waits any more) or GRANTED.
local start_key, reset_key, facts_key, domain_key, lease_key, running_key, known_key, forgotten_key = unpack(KEYS, 1, 8)
local token, may_probe, preferred, boost = ARGV[2], ARGV[3] == '1', ARGV[4] == '1', tonumber(ARGV[5])
local families = tonumber(ARGV[6])
local interval, burst, probes, idle_ms = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), ARGV[10]
local lease_ms = tonumber(ARGV[12])
local overall_interval, overall_burst, bad_senders = tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])
local overall_spent, client_exhausted = ARGV[16] == '1', ARGV[17] == '1'
local overall_key, client_key = KEYS[10 + families], KEYS[11 + families]
note_reset(reset_key, ARGV[11])

-- A record is: format, since, fresh, stale, keep, repeats, the verdict's letter, ...; one that is over is none, and so is
-- one of before its domain was forgotten.
local function record(value, forgotten)
  local since, fresh, stale, keep, verdict = string.match(value or '', '^1 (%d+) (%d+) (%d+) (%d+) %d+ (%u) ')
  if not keep or tonumber(keep) <= now_ms or forgotten and tonumber(since) <= forgotten then
    return nil
  end
  return {
    value = value,
    fresh = now_ms < tonumber(fresh),
    servable = now_ms < tonumber(stale),
    positive = verdict == 'D',
    undecided = verdict == 'Q'
  }
end

local values = redis.call('MGET', facts_key, forgotten_key, unpack(KEYS, 9, 9 + families))
local facts = values[1] or ''
local forgotten = tonumber(string.match(values[2] or '', '^1 (%d+)$'))
if forgotten and forgotten > now_ms then
  forgotten = nil
end
-- Facts are: format, catch-all, until, the domain's standing answer if there is one.
local catch_all, catch_all_until, answer = string.match(facts, '^2 (%u+) (%d+) ?(.*)$')
local standing = record(answer)
standing = standing and standing.fresh and standing
local exact = record(values[3], forgotten)

local family, stale_family, fresh_family
for i = families, 1, -1 do
  local answer_of_family = record(values[3 + i], forgotten)
  if answer_of_family and answer_of_family.positive then
    fresh_family = answer_of_family.fresh and answer_of_family or fresh_family
    if answer_of_family.servable then
      family, stale_family = i, answer_of_family
    end
  end
end

local reserved = false

local function reply(kind, limiter, known)
  local granted = kind == 'GRANTED' or kind == 'REFRESH'
  return {
    kind, int(now), limiter, known and known.value or '', known and known == standing and 1 or 0,
    known and not known.fresh and 1 or 0,
    granted and exact and exact.value or '', granted and family or 0,
    granted and family and stale_family.value or '', granted and facts or '', reserved and 1 or 0
  }
end

if standing and not standing.undecided then
  return reply('KNOWN', '', standing)
end
if exact and exact.fresh then
  return reply('KNOWN', '', exact)
end
if fresh_family then
  return reply('KNOWN', '', fresh_family)
end
local stale = exact and exact.servable and exact or stale_family
if standing then
  -- A domain that cannot be asked now takes nothing from what was known to be good.
  return reply('KNOWN', '', stale or standing)
end

-- When the registrable domain was first seen. One that never gives a good answer is soon forgotten.
local function first_seen(key)
  local seen = number(key)
  if not seen or seen > now_ms then
    seen = now_ms
    redis.call('SET', key, '1 ' .. int(seen), 'PX', SEEN_KEPT_MS)
  elseif redis.call('PTTL', key) < SEEN_KEPT_MS then
    redis.call('PEXPIRE', key, SEEN_KEPT_MS)
  end
  return seen
end

local function refused(kind, limiter)
  return reply(stale and 'KNOWN' or kind, limiter, stale)
end

local lease_end = tonumber(string.match(on('GET', lease_key) or '', '^1 %S+ (%d+)$'))
if lease_end and now_ms < lease_end and lease_end <= now_ms + lease_ms then
  return refused('RUNNING', '')
end
local latest = tonumber(ARGV[18])
if latest > 0 and now > latest then
  return refused('LATE', '')
end
local seen = first_seen(known_key)
reserved = preferred and now_ms >= seen + tonumber(ARGV[20])
if not may_probe then
  return refused('LIMITED', 'OVERALL')
end
if client_key then
  local client_end = tonumber(on('HGET', client_key, 'end'))
  client_exhausted = client_end and now_ms < client_end and client_end <= now_ms + AVOIDED_MS
    and redis.call('HLEN', client_key) > bad_senders
end
if client_exhausted then
  return refused('LIMITED', 'CLIENT')
end
-- One probe alone finds out whether the domain takes anything; two would cost its owner twice.
local explored = catch_all and catch_all ~= 'UNKNOWN' and now_ms < tonumber(catch_all_until)
if on('ZCOUNT', running_key, '(' .. int(now_ms), int(now_ms + lease_ms)) >= (explored and probes * boost or 1) then
  return refused('LIMITED', 'DOMAIN_PROBES')
end
local since = empty_since(start_key, reset_key)
local domain = read_domain(on('GET', domain_key))
domain.due = filled(domain.due, since, interval, burst)
if not allows(domain.due, interval, burst, preferred, boost) then
  return refused('LIMITED', 'DOMAIN')
end
local overall
if overall_key then
  overall = filled(number(overall_key), since, overall_interval, overall_burst)
  overall_spent = not allows(overall, overall_interval, overall_burst, reserved, 1)
elseif reserved then
  overall_spent = ARGV[19] == '1'
end
if overall_spent then
  return refused('LIMITED', 'OVERALL')
end
if not admits(preferred and domain.preferred or domain.others) then
  return refused('LIMITED', 'FORGERY')
end

domain.due = taken(domain.due, interval, boost)
write_domain(domain_key, domain, idle_ms)
if overall_key then
  redis.call('SET', overall_key, '1 ' .. int(taken(overall, overall_interval, 1)), 'PX', START_KEPT_MS)
end
redis.call('SET', lease_key, '1 ' .. token .. ' ' .. int(now_ms + lease_ms), 'PX', lease_ms)
redis.call('ZREMRANGEBYSCORE', running_key, '-inf', int(now_ms))
redis.call('ZADD', running_key, int(now_ms + lease_ms), token)
redis.call('PEXPIRE', running_key, lease_ms)
redis.call('PEXPIRE', start_key, START_KEPT_MS)
return reply(stale and 'REFRESH' or 'GRANTED', '', stale)
