--[[
  Notes that the vendor has answered: from now on the permit counts for one more window, and no longer.

  KEYS[1]  sorted set of the held permits (see acquire.lua)
  ARGV[1]  id of the permit

  Result   1 = noted, 0 = the permit is not held any more, or its last moment had passed.

  Atomic, and safe to repeat: it never moves a permit's moment to a later one, so a settle that arrives late (Redis was
  away) cannot hold the budget back. Uses `now`, `exact` (clock.lua).
]]
local held = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not held or tonumber(held) <= now then
  return 0
end
redis.call('ZADD', KEYS[1], exact(now), ARGV[1])
return 1
