--[[
  The vendor asks to slow down: nobody gets a permit for this credential for a while.

  KEYS[1]  end of the pause, microseconds by Redis' clock
  ARGV[1]  length of the pause from now, ms

  Result   ms until the pause ends: the longer of this one and one already noted.

  Atomic, and safe to repeat: a pause is never shortened, whatever the order in which workers report it. Uses `now`,
  `exact` (clock.lua).
]]
local noted = tonumber(redis.call('GET', KEYS[1]) or '0')
local pausedUntil = math.max(noted, now + tonumber(ARGV[1]) * 1000)
local left = math.ceil((pausedUntil - now) / 1000)
redis.call('SET', KEYS[1], exact(pausedUntil), 'PX', left)
return left
