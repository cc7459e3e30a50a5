--[[
  Asks for one permit to call a vendor.

  A held permit is a member of one sorted set per credential. Its score is the moment from which the windows are
  counted: the vendor's answer once that is known, and until then the latest moment at which it can still come. So a
  permit counts against a window until one window after its answer, and the permit of a crashed worker ends by itself.

  KEYS[1]  sorted set of the held permits     KEYS[2]  end of the pause the vendor asked for
  ARGV[1]  id of the permit                   ARGV[2]  longest time until its answer, ms
  ARGV[3], ARGV[4], ...  pairs of (requests, window in ms); none: only the pause is looked at

  Result   { wait, paused }: wait 0 = granted, else the ms before which asking again is useless; paused 1 = because of
           the pause. Nothing is written unless the permit is granted in every window.

  Atomic, because Redis runs one script at a time; all keys are in one slot. Times are microseconds by Redis' clock:
  whole milliseconds would let a permit go up to one too early. Asking twice with one id (ioredis sends a command again
  after a lost connection) takes one permit.
]]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

-- %.0f throughout: Lua's own conversion keeps 14 digits, these numbers have 16.
local function exact(number)
  return string.format('%.0f', number)
end

if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return { 0, 0 }
end

local pausedUntil = tonumber(redis.call('GET', KEYS[2]) or '0')
if pausedUntil > now then
  return { math.ceil((pausedUntil - now) / 1000), 1 }
end

local wait = 0
local longest = 0
for i = 3, #ARGV, 2 do
  local limit = tonumber(ARGV[i])
  local span = tonumber(ARGV[i + 1]) * 1000
  longest = math.max(longest, span)
  local since = '(' .. exact(now - span)
  local used = redis.call('ZCOUNT', KEYS[1], since, '+inf')
  if used >= limit then
    -- The permit whose end makes room. Unanswered ones have a score in the future; none of them can end
    -- sooner than a window from now, so that is the least there is to wait for.
    local blocking = redis.call('ZRANGEBYSCORE', KEYS[1], since, '+inf', 'WITHSCORES', 'LIMIT', used - limit, 1)
    wait = math.max(wait, math.min(tonumber(blocking[2]), now) + span - now)
  end
end
if wait > 0 then
  return { math.ceil(wait / 1000), 0 }
end

if longest > 0 then
  local hold = tonumber(ARGV[2]) * 1000
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', exact(now - longest))
  redis.call('ZADD', KEYS[1], exact(now + hold), ARGV[1])
  redis.call('PEXPIRE', KEYS[1], exact(math.ceil((hold + longest) / 1000)))
end
return { 0, 0 }
