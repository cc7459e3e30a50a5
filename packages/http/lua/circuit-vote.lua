--[[
  A worker whose own breaker is open says so. The circuit opens for all when two of the workers that are alive say so,
  or when there is no other worker: one process with a broken network shall not stop the others. When the set of
  workers is so young that others may not have registered yet (Redis was emptied), it takes two.

  KEYS[1]  hash: the circuit (circuit-enter.lua)
  KEYS[2]  hash: its votes, by worker; 'since until'. A vote ends by itself when the worker would try again
  KEYS[3]  sorted set of the workers, each with the end of its registration; KEYS[4] its age (voter-alive.lua)
  ARGV[1]  boot id of the worker              ARGV[2]  how long its breaker stays open, ms
  ARGV[3]  how long the circuit stays open before it is tried, ms
  ARGV[4]  the last closing that this worker knows of ('' for none): one that failed before a later closing has no say
  ARGV[5]  how long a registration lasts, ms: who votes is alive
  ARGV[6]  by when every worker has registered again, ms

  Result   { open, closedAt }: open 1 = the circuit is open now.

  Atomic. All moments are microseconds by Redis' clock (`now`, `exact`: clock.lua).
]]
local day = 86400000
local me = ARGV[1]
local closedAt = redis.call('HGET', KEYS[1], 'closedAt') or ''
if closedAt ~= '' and tonumber(closedAt) > tonumber(ARGV[4] == '' and '0' or ARGV[4]) then
  return { redis.call('HEXISTS', KEYS[1], 'openedBy'), closedAt }
end

redis.call('ZADD', KEYS[3], exact(now + tonumber(ARGV[5]) * 1000), me)
redis.call('PEXPIRE', KEYS[3], ARGV[5])
redis.call('SET', KEYS[4], exact(now), 'NX')
redis.call('PEXPIRE', KEYS[4], ARGV[5])
local kept = redis.call('HGET', KEYS[2], me)
local since = kept and string.match(kept, '^%d+') or exact(now)
redis.call('HSET', KEYS[2], me, since .. ' ' .. exact(now + tonumber(ARGV[2]) * 1000))
redis.call('PEXPIRE', KEYS[2], day)

local votes = 0
local all = redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
  local ends = tonumber(string.match(all[i + 1], '%d+$'))
  local alive = tonumber(redis.call('ZSCORE', KEYS[3], all[i]) or '0') > now
  if alive and ends > now then
    votes = votes + 1
  else
    redis.call('HDEL', KEYS[2], all[i])
  end
end
local alone = redis.call('ZCOUNT', KEYS[3], '(' .. exact(now), '+inf') == 1
  and now - tonumber(redis.call('GET', KEYS[4])) >= tonumber(ARGV[6]) * 1000

if redis.call('HEXISTS', KEYS[1], 'openedBy') == 1 then
  return { 1, closedAt }
end
if votes < 2 and not alone then
  return { 0, closedAt }
end
local reset = tonumber(ARGV[3])
redis.call('HDEL', KEYS[1], 'by', 'probe', 'probeUntil')
redis.call('HSET', KEYS[1], 'openedBy', 'failures', 'since', exact(now), 'until', exact(now + reset * 1000))
redis.call('PEXPIRE', KEYS[1], exact(reset + day))
return { 1, closedAt }
