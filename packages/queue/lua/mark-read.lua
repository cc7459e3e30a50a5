--[[
  Reads the mark of a prefix (mark.lua), and how long ago it was counted up.

  KEYS[1]  the hash of the mark

  Result   { identity, generation, place, seconds between two counts, milliseconds since the last }; { } when there is none.

  Reads only, atomically. The clock is that of the server that has the mark: on a Cluster, a TIME of its own would be
  answered by any node.
]]
local identity, generation, place, every, at = unpack(
  redis.call('HMGET', KEYS[1], 'identity', 'generation', 'place', 'every', 'at'))
if not identity then
  return {}
end
local time = redis.call('TIME')
local quiet = time[1] * 1000 + math.floor(time[2] / 1000) - at
return { identity, generation, place, every, math.max(0, quiet) }
