--[[
  The call that tried an open circuit has ended.

  KEYS[1]  hash: the circuit (circuit-enter.lua)     KEYS[2]  hash: its votes (circuit-vote.lua)
  ARGV[1]  id of the call
  ARGV[2]  success: the circuit closes for all; failure: it stays open for as long again;
           neither: the call was cancelled, so that the next one may try
  ARGV[3]  how long that is, ms

  Result   closedAt, '' if not known. Of a probe that was replaced, because its lease was over or somebody opened or
           closed the circuit by hand meanwhile, nothing is taken down.

  Atomic. All moments are microseconds by Redis' clock (`now`, `exact`: clock.lua).
]]
local day = 86400000
if redis.call('HGET', KEYS[1], 'probe') == ARGV[1] then
  if ARGV[2] == 'success' then
    redis.call('DEL', KEYS[1], KEYS[2])
    redis.call('HSET', KEYS[1], 'closedAt', exact(now))
    redis.call('PEXPIRE', KEYS[1], day)
  else
    redis.call('HDEL', KEYS[1], 'probe', 'probeUntil')
    if ARGV[2] == 'failure' then
      local reset = tonumber(ARGV[3])
      redis.call('HSET', KEYS[1], 'until', exact(now + reset * 1000))
      redis.call('PEXPIRE', KEYS[1], exact(reset + day))
    end
  end
end
return redis.call('HGET', KEYS[1], 'closedAt') or ''
