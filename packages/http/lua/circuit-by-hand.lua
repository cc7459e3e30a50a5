--[[
  Somebody opens a circuit, which then stays open until somebody closes it; or closes one, whatever opened it.

  KEYS[1]  hash: the circuit (circuit-enter.lua)     KEYS[2]  hash: its votes (circuit-vote.lua)
  ARGV[1]  open or close                             ARGV[2]  who

  Result   1

  Atomic. All moments are microseconds by Redis' clock (`now`, `exact`: clock.lua).
]]
local day = 86400000
if ARGV[1] == 'open' then
  -- A probe that is under way has no say any more.
  redis.call('HDEL', KEYS[1], 'until', 'probe', 'probeUntil')
  redis.call('HSET', KEYS[1], 'openedBy', 'operator', 'by', ARGV[2], 'since', exact(now))
  redis.call('PERSIST', KEYS[1])
else
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[1], 'closedAt', exact(now), 'by', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], day)
end
return 1
