--[[
  Asks whether a call may go out to a vendor. When an open circuit is due, one asker of the whole fleet gets to try it.

  KEYS[1]  hash: the circuit of one credential. Its fields
             openedBy    'failures' or 'operator'; missing: closed
             by          who opened or closed it by hand
             since       when it opened
             until       when it may be tried (opened by failures only)
             probe       id of the call that tries it now     probeUntil  by when that call has ended
             closedAt    when it was closed last: what processes thought of the vendor before counts no more
  ARGV[1]  id of the call
  ARGV[2]  longest time until its end, ms: its lease as a probe, so that a probe whose process died is replaced

  Result   { verdict, ms, closedAt }
             closed 0: the circuit says nothing against it     probe 0: go, and report the outcome
             open ms until it is due                           trying ms until the probe of another one has ended
             held 0: opened by hand, until it is closed by hand
           closedAt is '' when not known.

  Atomic. All moments are microseconds by Redis' clock (`now`, `exact`: clock.lua).
]]
local circuit = redis.call('HMGET', KEYS[1], 'openedBy', 'until', 'probe', 'probeUntil', 'closedAt')
local openedBy, openUntil, probe, probeUntil, closedAt = unpack(circuit)
closedAt = closedAt or ''

if not openedBy then
  return { 'closed', 0, closedAt }
end
if openedBy == 'operator' then
  return { 'held', 0, closedAt }
end
if tonumber(openUntil) > now then
  return { 'open', math.ceil((tonumber(openUntil) - now) / 1000), closedAt }
end
if probe and probe ~= ARGV[1] and tonumber(probeUntil) > now then
  return { 'trying', math.ceil((tonumber(probeUntil) - now) / 1000), closedAt }
end
redis.call('HSET', KEYS[1], 'probe', ARGV[1], 'probeUntil', exact(now + tonumber(ARGV[2]) * 1000))
return { 'probe', 0, closedAt }
