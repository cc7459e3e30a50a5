--[[
  The vendor says that fewer requests are left than our own count has: another program uses the same quota. What is
  missing is taken out of the budget, as if we had just used it; so it comes back after one window.

  Ours is counted from before the call went out: what the vendor counted then may have left our window since, and would
  look like somebody else's. It cannot look like less than it was, since everything that we send has a permit before. So
  whoever repeats this, or comes with an older answer, withholds nothing twice.

  KEYS[1]  sorted set of the held permits (see acquire.lua)
  ARGV[1]  id for what is withheld            ARGV[2], ARGV[3]  the window that the vendor speaks of: requests, ms
  ARGV[4]  what the vendor says is left       ARGV[5]  how long the call took, ms

  Result   how many permits were withheld.

  Atomic. Uses `now`, `exact` (clock.lua).
]]
local limit = tonumber(ARGV[2])
local span = tonumber(ARGV[3]) * 1000
local since = '(' .. exact(now - span - tonumber(ARGV[5]) * 1000)
local used = redis.call('ZCOUNT', KEYS[1], since, '+inf')
local missing = limit - used - tonumber(ARGV[4])
for i = 1, missing do
  redis.call('ZADD', KEYS[1], exact(now), ARGV[1] .. ':' .. i)
end
if missing > 0 and redis.call('PTTL', KEYS[1]) < span / 1000 then
  redis.call('PEXPIRE', KEYS[1], exact(math.ceil(span / 1000)))
end
return math.max(missing, 0)
