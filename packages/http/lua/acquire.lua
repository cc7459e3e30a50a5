--[[
  Asks for one permit to call a vendor.

  A held permit is a member of one sorted set per credential. Its score is the moment from which the windows are
  counted: the vendor's answer once that is known, and until then the latest moment at which it can still come. So a
  permit counts against a window until one window after its answer, and the permit of a crashed worker ends by itself.

  Who is refused is expected back when a permit may be free, and noted as waiting with its priority. While more are
  expected than permits are free, these go by turns: each priority gets twice as many as the next lower one, and who
  has not asked for long does not save up turns. A free permit is kept for somebody else only while that one is
  expected (`grace`); one that does not come costs a hundredth of the longest window, two seconds at most.

  KEYS[1]  sorted set of the held permits     KEYS[2]  end of the pause the vendor asked for
  KEYS[3]  hash: whose turn it is             KEYS[4], ...  who waits, a sorted set for each priority, highest first
  ARGV[1]  id of the permit                   ARGV[2]  longest time until its answer, ms
  ARGV[3]  priority, 0 the highest
  ARGV[4], ARGV[5], ...  pairs of (requests, window in ms); none: only the pause is looked at

  Result   { wait, paused, left, ... }: wait 0 = granted, else the ms before which asking again is useless; paused 1 =
           because of the pause; when granted, how many permits are left in each window.

  Atomic, because Redis runs one script at a time; all keys are in one slot. Asking twice with one id (ioredis sends a
  command again after a lost connection) takes one permit. Uses `now`, `exact` (clock.lua).
]]
-- Kept longer than the windows: withhold.lua looks back over the time that an answer took.
local lookBack = 10000000
-- Timers and rounding: who is due in two milliseconds is as good as here.
local early = 2000
-- For who has to let others go first although a permit is free: soon, but not in a busy loop.
local again = 5000

if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return { 0, 0 }
end

local mine = tonumber(ARGV[3])
local priorities = #KEYS - 3
local function waiting(priority)
  return KEYS[4 + priority]
end

local windows = {}
local longest = 0
for i = 4, #ARGV, 2 do
  local window = { limit = tonumber(ARGV[i]), span = tonumber(ARGV[i + 1]) * 1000 }
  table.insert(windows, window)
  longest = math.max(longest, window.span)
end
local grace = math.min(math.max(longest / 100, 50000), 2000000)

-- One of those who were expected has come. Which one does not matter: as many as are missing stay expected.
local come = redis.call('ZRANGEBYSCORE', waiting(mine), exact(now - grace), exact(now + early), 'LIMIT', 0, 1)
if come[1] then
  redis.call('ZREM', waiting(mine), come[1])
end

local function refuse(wait, paused)
  local ms = math.ceil(wait / 1000)
  local untilForgotten = ms + math.ceil(grace / 1000)
  redis.call('ZREMRANGEBYSCORE', waiting(mine), '-inf', '(' .. exact(now - grace))
  redis.call('ZADD', waiting(mine), exact(now + ms * 1000), ARGV[1])
  if redis.call('PTTL', waiting(mine)) < untilForgotten then
    redis.call('PEXPIRE', waiting(mine), exact(untilForgotten))
  end
  return { ms, paused }
end

local pausedUntil = tonumber(redis.call('GET', KEYS[2]) or '0')
if pausedUntil > now then
  return refuse(pausedUntil - now, 1)
end
if #windows == 0 then
  return { 0, 0 }
end

-- How many permits are free, and when there is one more of them.
local free = math.huge
local untilMore = 0
for _, window in ipairs(windows) do
  local since = '(' .. exact(now - window.span)
  local used = redis.call('ZCOUNT', KEYS[1], since, '+inf')
  window.room = window.limit - used
  free = math.min(free, window.room)
  if used > 0 then
    -- The permit whose end makes room. Unanswered ones have a score in the future; none of them can end
    -- sooner than a window from now, so that is the least there is to wait for.
    local first = math.max(used - window.limit, 0)
    local blocking = redis.call('ZRANGEBYSCORE', KEYS[1], since, '+inf', 'WITHSCORES', 'LIMIT', first, 1)
    window.untilMore = math.min(tonumber(blocking[2]), now) + window.span - now
  end
end
free = math.max(free, 0)
for _, window in ipairs(windows) do
  if window.room <= free and window.untilMore then
    untilMore = math.max(untilMore, window.untilMore)
  end
end
if free == 0 then
  return refuse(untilMore, 0)
end

-- Who else is expected at this moment.
local expected = {}
local others = 0
for priority = 0, priorities - 1 do
  expected[priority] = redis.call('ZCOUNT', waiting(priority), exact(now - grace), exact(now + early))
  if priority ~= mine then
    others = others + expected[priority]
  end
end

if others >= free then
  -- Start-time fair queueing: each priority has the time of its next turn, `at`; a turn moves it on by a step that
  -- doubles with each lower priority. Whoever has not had one for long starts at the time of those who had.
  local fields = { 'at' }
  for priority = 0, priorities - 1 do
    table.insert(fields, tostring(priority))
  end
  local kept = redis.call('HMGET', KEYS[3], unpack(fields))
  local at = tonumber(kept[1] or '0')
  local turnAt = {}
  for priority = 0, priorities - 1 do
    turnAt[priority] = math.max(tonumber(kept[priority + 2] or '0'), at)
  end
  local own = turnAt[mine]
  local front
  local granted = false
  for _ = 1, free do
    local turn
    for priority = 0, priorities - 1 do
      local wants = priority == mine or expected[priority] > 0
      if wants and (turn == nil or turnAt[priority] < turnAt[turn]) then
        turn = priority
      end
    end
    front = front or turnAt[turn]
    if turn == mine then
      granted = true
      break
    end
    expected[turn] = expected[turn] - 1
    turnAt[turn] = turnAt[turn] + 2 ^ turn
  end
  if not granted then
    local wait = grace
    for priority = 0, priorities - 1 do
      if priority ~= mine then
        local first =
          redis.call('ZRANGEBYSCORE', waiting(priority), exact(now - grace), exact(now + early), 'WITHSCORES', 'LIMIT', 0, 1)
        if first[2] then
          wait = math.min(wait, tonumber(first[2]) + grace - now)
        end
      end
    end
    if untilMore > 0 then
      wait = math.min(wait, untilMore)
    end
    return refuse(math.max(wait, again), 0)
  end
  redis.call('HSET', KEYS[3], 'at', exact(front), tostring(mine), exact(own + 2 ^ mine))
  redis.call('PEXPIRE', KEYS[3], exact(math.ceil(longest / 1000)))
end

local hold = tonumber(ARGV[2]) * 1000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', exact(now - longest - lookBack))
redis.call('ZADD', KEYS[1], exact(now + hold), ARGV[1])
redis.call('PEXPIRE', KEYS[1], exact(math.ceil((hold + longest) / 1000)))
local result = { 0, 0 }
for _, window in ipairs(windows) do
  table.insert(result, window.room - 1)
end
return result
