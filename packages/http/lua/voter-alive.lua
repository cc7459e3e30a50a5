--[[
  A worker says that it is there: only those who are count when circuits are voted on.

  KEYS[1]  sorted set of the workers, each with the end of its registration
  KEYS[2]  since when there have been workers without a gap: a set that Redis has just lost is not complete yet
  ARGV[1]  boot id of the worker     ARGV[2]  how long the registration lasts, ms; 0 = it leaves

  Result   how many workers are there.

  Atomic. Moments are microseconds by Redis' clock (`now`, `exact`: clock.lua).
]]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', exact(now))
local lasts = tonumber(ARGV[2])
if lasts == 0 then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  redis.call('ZADD', KEYS[1], exact(now + lasts * 1000), ARGV[1])
  redis.call('PEXPIRE', KEYS[1], lasts)
  redis.call('SET', KEYS[2], exact(now), 'NX')
  redis.call('PEXPIRE', KEYS[2], lasts)
end
return redis.call('ZCARD', KEYS[1])
