-- Counts a client's bad sender, each once. KEYS: client. ARGV: now, sender, bad senders allowed, window ms.
-- Replies: 1 if the client is exhausted now, now, the end of that.
local key, most, window = KEYS[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local until_ms = tonumber(on('HGET', key, 'end'))
if not until_ms or until_ms <= now_ms or until_ms > now_ms + window then
  redis.call('DEL', key)
  until_ms = nil
end
-- One field is the end; the others are senders.
local senders = until_ms and redis.call('HLEN', key) - 1 or 0
if senders < most and redis.call('HSETNX', key, ARGV[2], '') == 1 then
  senders = senders + 1
  -- The last one begins the time anew: from it on the client is exhausted for all of it.
  if senders == 1 or senders == most then
    until_ms = now_ms + window
    redis.call('HSET', key, 'end', int(until_ms))
    redis.call('PEXPIRE', key, int(window))
  end
end
return { senders >= most and 1 or 0, int(now), int(until_ms) }
