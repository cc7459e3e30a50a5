--[[
  How many jobs of a queue go before a waiting one, for people and for "why does this job not move".

  KEYS[1]  BullMQ's sorted set of waiting jobs, sorted as turns.lua says     KEYS[2]  its list of those without priority
  KEYS[3]  tenants in line, by their accounts                                KEYS[4]  hash: a tenant's number in line
  ARGV[1]  the job

  Result   their number; nothing when the job does not wait.

  Reads only; one consistent moment. As tenants take turns, a tenant's third job comes after up to three of each other
  one if that was served less, and else after two. Who arrives or ends meanwhile changes that: it is an estimate.
]]
local waiting, unsorted, line, numbers, job = KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1]
local band = 4294967296

local function exact(number)
  return string.format('%.0f', number)
end

local length = redis.call('LLEN', unsorted)
local position = redis.call('LPOS', unsorted, job)
if position then
  return length - 1 - position
end
local score = redis.call('ZSCORE', waiting, job)
if not score then
  return nil
end
local number = math.floor(tonumber(score) / band)
if number < 2 then
  -- Called, or not sorted yet: as they stand.
  return length + redis.call('ZRANK', waiting, job)
end

local ownBefore = redis.call('ZCOUNT', waiting, exact(number * band), '(' .. score)
local total = length + redis.call('ZCOUNT', waiting, '-inf', '(' .. exact(2 * band)) + ownBefore
local goesFirst = 1
for _, who in ipairs(redis.call('ZRANGE', line, 0, -1)) do
  local theirs = tonumber(redis.call('HGET', numbers, who) or '0')
  if theirs == number then
    goesFirst = 0
  else
    local jobs = redis.call('ZCOUNT', waiting, exact(theirs * band), '(' .. exact((theirs + 1) * band))
    total = total + math.min(jobs, ownBefore + goesFirst)
  end
end
return total
