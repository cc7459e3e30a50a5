--[[
  Stands in front of every other script.

  now     microseconds by Redis' clock: the only one that all processes share, and fine enough that of two moments in
          one millisecond the later one is later (whole milliseconds would let a permit go up to one too early)
  exact   a number as Redis takes it; Lua's own conversion keeps 14 digits, these numbers have 16
]]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local function exact(number)
  return string.format('%.0f', number)
end
