-- Notes since when this Redis knows everything. KEYS: start. ARGV: now.
known_since(KEYS[1])
return { int(now) }
