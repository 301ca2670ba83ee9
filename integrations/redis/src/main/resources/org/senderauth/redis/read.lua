-- ReplayLedger.read. KEYS: counter.
return { tonumber(on('GET', KEYS[1])) or 0 }
