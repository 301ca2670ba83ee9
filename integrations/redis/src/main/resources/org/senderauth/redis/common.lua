-- Begins every script. ARGV[1] is the time in microseconds since 1970; 0 stands for Redis' own clock, which is what
-- hosts go by, so that theirs need not agree. Lua's numbers are doubles: exact up to 2^53, which is the year 2255.
local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local now_ms = math.floor(now / 1000)

local HOUR_US = 3600000000
local START_KEPT_MS = 30 * 24 * 3600000
-- How long it is known when a registrable domain was first seen: after its last admission, after its last good answer.
local SEEN_KEPT_MS = 2 * 24 * 3600000
local KNOWN_KEPT_MS = 30 * 24 * 3600000
-- No host and no client is avoided for longer (CachePolicy, StateConstants.CLIENT_WINDOW).
local AVOIDED_MS = 2 * 24 * 3600000

local function int(number)
  return string.format('%.0f', number)
end

-- A command on a key. A value that another program has written, of another type or not a number, counts as absent.
local function on(command, key, ...)
  local reply = redis.pcall(command, key, ...)
  if type(reply) ~= 'table' or not reply.err then
    return reply
  end
  if not string.find(reply.err, 'WRONGTYPE') and not string.find(reply.err, 'not an integer')
      and not string.find(reply.err, 'overflow') then
    error(reply.err)
  end
  redis.call('DEL', key)
  return redis.call(command, key, ...)
end

-- A time that is later than it can be is damaged, and counts as absent: it would block for ever.
local function at_most(time, latest)
  return time and time <= latest and time or 0
end

-- The number of a value such as "1 17"; nil if it is absent, or of another format.
local function number(key)
  return tonumber(string.match(on('GET', key) or '', '^1 (%d+)$'))
end

-- A budget by the generic cell rate algorithm is the time at which the next cell is due in theory, in microseconds.
local function allows(due, interval, burst, preferred, boost)
  local open = (preferred and burst or math.floor(burst / 2)) * boost
  return due <= now + (open - 1) * math.max(1, math.floor(interval / boost))
end

local function taken(due, interval, boost)
  return math.max(due, now) + math.max(1, math.floor(interval / boost))
end

-- Redis draws this id anew when it starts and when a replica takes over: what the id before has written last may be
-- missing then.
local function replication_id()
  return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
    or error('INFO replication tells no master_replid')
end

-- Since when this Redis knows everything: since its first script, or its first one after it has started or taken over.
local function known_since(start_key)
  local id = replication_id()
  local noted_by, since = string.match(on('GET', start_key) or '', '^1 (%x+) (%d+)$')
  if noted_by == id and tonumber(since) <= now then
    return tonumber(since)
  end
  redis.call('SET', start_key, '1 ' .. id .. ' ' .. int(now), 'PX', START_KEPT_MS)
  return now
end

-- When all budgets were empty last: when this Redis began to know everything, or when hosts had asked without it. What
-- was spent before that is not known here, and must not be spent once more.
local function empty_since(start_key, reset_key)
  return math.max(known_since(start_key), at_most(number(reset_key), now))
end

-- A host has asked without Redis, and tells so now.
local function note_reset(reset_key, reset_ms)
  if tonumber(reset_ms) > 0 then
    redis.call('SET', reset_key, '1 ' .. int(now), 'PX', reset_ms)
  end
end

-- The latest time is that of a budget all of which has been spent just now.
local function filled(due, since, interval, burst)
  return math.max(at_most(due, now + burst * interval), since + burst * interval)
end
