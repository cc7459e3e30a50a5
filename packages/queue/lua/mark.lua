--[[
  Notes in Redis which life of which database its queues belong to, and how far that has been counted.

  KEYS[1]  the hash of the mark
  ARGV[1]  identity   ARGV[2]  generation   ARGV[3]  place   ARGV[4]  seconds between two counts
  ARGV[5]  the identity that may be replaced; empty: none may

  Result   1 when it was noted, or is further already; 0 when the mark is of another life.

  Reads and writes one hash, atomically: of two who count at once the further one stays, and nobody who is late takes the
  place of a life that has begun meanwhile.
]]
local mark, identity, generation = KEYS[1], ARGV[1], tonumber(ARGV[2])
local found = redis.call('HMGET', mark, 'identity', 'generation')
if found[1] and found[1] ~= identity and found[1] ~= ARGV[5] then
  return 0
end
if found[1] == identity and tonumber(found[2]) > generation and ARGV[5] == '' then
  return 1
end
local time = redis.call('TIME')
redis.call('HSET', mark, 'identity', identity, 'generation', ARGV[2], 'place', ARGV[3], 'every', ARGV[4],
  'at', time[1] * 1000 + math.floor(time[2] / 1000))
return 1
