--[[
  How much of a budget is in use, for people and for "why does this job not move".

  KEYS[1]  sorted set of the held permits (see acquire.lua)     KEYS[2]  end of the pause the vendor asked for
  ARGV     pairs of (requests, window in ms)

  Result   for each pair, in order: used, ms until a permit may be free (0 = now). After them: ms until the pause that the
           vendor asked for is over (0 = there is none).

  Reads only; one consistent moment by Redis' clock. A waiting time is the least possible one, as in acquire.lua.
  Uses `now`, `exact` (clock.lua).
]]
local paused = math.max(0, tonumber(redis.call('GET', KEYS[2]) or '0') - now)

local result = {}
for i = 1, #ARGV, 2 do
  local limit = tonumber(ARGV[i])
  local span = tonumber(ARGV[i + 1]) * 1000
  local since = '(' .. exact(now - span)
  local used = redis.call('ZCOUNT', KEYS[1], since, '+inf')
  local wait = paused
  if used >= limit then
    local blocking = redis.call('ZRANGEBYSCORE', KEYS[1], since, '+inf', 'WITHSCORES', 'LIMIT', used - limit, 1)
    wait = math.max(wait, math.min(tonumber(blocking[2]), now) + span - now)
  end
  table.insert(result, used)
  table.insert(result, math.ceil(wait / 1000))
end
table.insert(result, math.ceil(paused / 1000))
return result
