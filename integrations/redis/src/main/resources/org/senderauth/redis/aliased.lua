-- AliasStore.get: the address, or nothing. KEYS: alias.
return { string.match(on('GET', KEYS[1]) or '', '^1 (.+)$') or '' }
