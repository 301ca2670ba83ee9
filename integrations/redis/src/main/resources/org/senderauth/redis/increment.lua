-- ReplayLedger.increment: the first use sets the end. KEYS: counter. ARGV: now, ms until it may be forgotten.
local uses = on('INCR', KEYS[1])
if uses == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return { uses }
