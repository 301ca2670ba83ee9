-- The rate limit of a registrable domain, and its circuit breakers for mail with SPF pass and for other mail.
local function read_domain(value)
  local breakers = { new_breaker(DOMAIN_KIND), new_breaker(DOMAIN_KIND) }
  local due = read_budget(value, breakers)
  return { due = due, breakers = breakers, preferred = breakers[1], others = breakers[2] }
end

local function write_domain(key, domain, idle_ms)
  write_budget(key, domain.due, domain.breakers, idle_ms)
end
