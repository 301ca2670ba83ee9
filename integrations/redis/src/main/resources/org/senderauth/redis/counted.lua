-- CalloutStateAdmin.entries: a client's undeliverable senders. KEYS: client. ARGV: now.
-- Replies: now, until when they count or 0, their number.
local end_ms = tonumber(on('HGET', KEYS[1], 'end'))
if not end_ms or end_ms <= now_ms or end_ms > now_ms + AVOIDED_MS then
  return { int(now), '0', 0 }
end
-- One field is the end; the others are senders.
return { int(now), int(end_ms), redis.call('HLEN', KEYS[1]) - 1 }
