-- What is kept of one registrable domain, in one value: its budget, and for mail that passes SPF and for other mail
-- each whether its senders are being forged (ForgeryWatch).
local WINDOW_US = HOUR_US / 6
local TRICKLE_US = HOUR_US
local TRICKLE_INTERVAL_US = HOUR_US / 12
local TRICKLE_BURST = 2
local GOOD_IN = 10

local function new_watch()
  return { since = 0, good = 0, bad = 0, forged = false, trickle = 0 }
end

local function read_domain(value)
  local domain = { due = 0, preferred = new_watch(), others = new_watch() }
  local fields = {}
  for field in string.gmatch(value or '', '%d+') do
    fields[#fields + 1] = tonumber(field)
  end
  if fields[1] ~= 1 or #fields ~= 12 then
    return domain
  end
  domain.due = fields[2]
  for i, watch in ipairs({ domain.preferred, domain.others }) do
    local at = 5 * i - 2
    watch.since, watch.good, watch.bad = fields[at], fields[at + 1], fields[at + 2]
    watch.forged, watch.trickle = fields[at + 3] == 1, fields[at + 4]
  end
  return domain
end

local function write_domain(key, domain, idle_ms)
  local fields = { '1', int(domain.due) }
  for _, watch in ipairs({ domain.preferred, domain.others }) do
    for _, number in ipairs({ watch.since, watch.good, watch.bad, watch.forged and 1 or 0, watch.trickle }) do
      fields[#fields + 1] = int(number)
    end
  end
  redis.call('SET', key, table.concat(fields, ' '), 'PX', idle_ms)
end

local function mostly_bad(watch)
  return watch.good * GOOD_IN < watch.good + watch.bad
end

local function begin(watch)
  watch.since, watch.good, watch.bad = now, 0, 0
end

local function judge(watch)
  if now >= watch.since + (watch.forged and TRICKLE_US or WINDOW_US) then
    watch.forged = watch.forged and watch.bad > 0 and mostly_bad(watch)
    begin(watch)
  end
end

-- Whether a probe may be made; takes it from the trickle if there is only a trickle.
local function admits(watch)
  judge(watch)
  if not watch.forged then
    return true
  end
  if not allows(watch.trickle, TRICKLE_INTERVAL_US, TRICKLE_BURST, false, 1) then
    return false
  end
  watch.trickle = taken(watch.trickle, TRICKLE_INTERVAL_US, 1)
  return true
end

local function count(watch, tally, forgeries)
  judge(watch)
  if tally == 'GOOD' then
    watch.good = watch.good + 1
  elseif tally == 'BAD' then
    watch.bad = watch.bad + 1
  end
  if not watch.forged and watch.bad >= forgeries and mostly_bad(watch) then
    begin(watch)
    watch.forged = true
    watch.trickle = taken(0, TRICKLE_INTERVAL_US, 1)
  end
end
