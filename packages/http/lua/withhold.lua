--[[
  The vendor says that fewer requests are left than our own count has: another program uses the same quota. What is
  missing is taken out of the budget, as if we had just used it; so it comes back after one window.

  Whether there is somebody else is decided with care: everything counts as ours that the vendor may have counted, from
  before the call went out (some of it may have left our window since) to this moment (some of it may not be there yet).
  So our own requests are never taken for somebody else's, and who repeats this or comes with an older answer withholds
  nothing twice. How much it is then goes by what we had when the call went out, which misses nothing: unless another
  answer has been heeded since, for then it would count that one's share again.

  KEYS[1]  sorted set of the held permits (see acquire.lua)
  KEYS[2]  when something was withheld last
  ARGV[1]  id for what is withheld            ARGV[2], ARGV[3]  the window that the vendor speaks of: requests, ms
  ARGV[4]  what the vendor says is left       ARGV[5]  what we had left in that window when the call went out
  ARGV[6]  how long ago that was, ms

  Result   how many permits were withheld.

  Atomic. Uses `now`, `exact` (clock.lua).
]]
local limit = tonumber(ARGV[2])
local span = tonumber(ARGV[3]) * 1000
local left = tonumber(ARGV[4])
local sentAt = now - tonumber(ARGV[6]) * 1000
local used = redis.call('ZCOUNT', KEYS[1], '(' .. exact(sentAt - span), '+inf')
local missing = limit - used - left
if missing <= 0 then
  return 0
end
if tonumber(redis.call('GET', KEYS[2]) or '0') < sentAt then
  missing = math.max(missing, tonumber(ARGV[5]) - left)
end
for i = 1, missing do
  redis.call('ZADD', KEYS[1], exact(now), ARGV[1] .. ':' .. i)
end
local spanMs = math.ceil(span / 1000)
if redis.call('PTTL', KEYS[1]) < spanMs then
  redis.call('PEXPIRE', KEYS[1], spanMs)
end
redis.call('SET', KEYS[2], exact(now), 'PX', spanMs)
return missing
