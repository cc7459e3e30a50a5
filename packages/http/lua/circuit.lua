--[[
  How a circuit stands, for people.

  KEYS[1]  hash: the circuit (circuit-enter.lua)     KEYS[2]  hash: its votes (circuit-vote.lua)
  KEYS[3]  sorted set of the workers (voter-alive.lua)

  Result   { due, openedBy, by, since, until, closedAt, worker, since, worker, since, ... }: due 1 = it is being tried
           or would be, by the next call; '' for what is not known; then the votes that count.

  Reads only. All moments are microseconds by Redis' clock (`now`: clock.lua).
]]
local fields = redis.call('HMGET', KEYS[1], 'openedBy', 'by', 'since', 'until', 'closedAt')
local openedBy = fields[1]
local due = openedBy == 'failures' and tonumber(fields[4]) <= now
local result = { due and 1 or 0 }
for i = 1, 5 do
  table.insert(result, fields[i] or '')
end
local votes = redis.call('HGETALL', KEYS[2])
for i = 1, #votes, 2 do
  local since, ends = string.match(votes[i + 1], '^(%d+) (%d+)$')
  local alive = tonumber(redis.call('ZSCORE', KEYS[3], votes[i]) or '0') > now
  if alive and tonumber(ends) > now then
    table.insert(result, votes[i])
    table.insert(result, since)
  end
end
return result
