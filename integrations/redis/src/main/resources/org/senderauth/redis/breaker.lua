-- Circuit breakers (DomainBreaker, BreakerScope). A kind is: how long it stays open, interval and burst of the probes
-- meanwhile. Stored as five numbers: since, good, bad, open, when the next probe is due.
local WINDOW_US = HOUR_US / 6
local GOOD_IN = 10
local DOMAIN_KIND = { HOUR_US, HOUR_US / 12, 2 }
local KINDS = {
  UNPROVEN = { 6 * HOUR_US, 2 * HOUR_US, 2 },
  PROVEN = DOMAIN_KIND,
  RESERVED = { HOUR_US, HOUR_US / 60, 120 }
}

local function new_breaker(kind)
  return { kind = kind, since = 0, good = 0, bad = 0, open = false, trickle = 0 }
end

-- Reads a rate limit and its breakers: format, due, five numbers for each. Another format counts as absent.
local function read_budget(value, breakers)
  local fields = {}
  for field in string.gmatch(value or '', '%d+') do
    fields[#fields + 1] = tonumber(field)
  end
  if fields[1] ~= 1 or #fields ~= 2 + 5 * #breakers then
    return 0
  end
  for i, breaker in ipairs(breakers) do
    local at = 5 * i - 2
    breaker.since, breaker.good, breaker.bad = at_most(fields[at], now), fields[at + 1], fields[at + 2]
    breaker.open = fields[at + 3] == 1
    breaker.trickle = at_most(fields[at + 4], now + breaker.kind[2] * breaker.kind[3])
  end
  return fields[2]
end

local function write_budget(key, due, breakers, idle_ms)
  local fields = { '1', int(due) }
  for _, breaker in ipairs(breakers) do
    for _, number in ipairs({ breaker.since, breaker.good, breaker.bad, breaker.open and 1 or 0, breaker.trickle }) do
      fields[#fields + 1] = int(number)
    end
  end
  redis.call('SET', key, table.concat(fields, ' '), 'PX', idle_ms)
end

local function mostly_bad(breaker)
  return breaker.good * GOOD_IN < breaker.good + breaker.bad
end

local function begin(breaker)
  breaker.since, breaker.good, breaker.bad = now, 0, 0
end

local function judge(breaker)
  if now >= breaker.since + (breaker.open and breaker.kind[1] or WINDOW_US) then
    breaker.open = breaker.open and breaker.bad > 0 and mostly_bad(breaker)
    begin(breaker)
  end
end

-- Admits a probe while closed, and within the trickle rate while open.
local function admits(breaker)
  judge(breaker)
  if not breaker.open then
    return true
  end
  if not allows(breaker.trickle, breaker.kind[2], breaker.kind[3], false, 1) then
    return false
  end
  breaker.trickle = taken(breaker.trickle, breaker.kind[2], 1)
  return true
end

local function count(breaker, tally, threshold)
  judge(breaker)
  if tally == 'GOOD' then
    breaker.good = breaker.good + 1
  elseif tally == 'BAD' then
    breaker.bad = breaker.bad + 1
  end
  if not breaker.open and breaker.bad >= threshold and mostly_bad(breaker) then
    begin(breaker)
    breaker.open = true
    breaker.trickle = taken(0, breaker.kind[2], 1)
  end
end

-- The rate limit and breakers of a mail server's network, or of an MX registrable domain, and the breaker of a scope.
local function read_host(value, scope)
  local breakers = {
    new_breaker(KINDS.UNPROVEN), new_breaker(KINDS.PROVEN), new_breaker(KINDS.RESERVED)
  }
  local due = read_budget(value, breakers)
  local number = scope == 'UNPROVEN' and 1 or scope == 'PROVEN' and 2 or 3
  return due, breakers, breakers[number]
end
