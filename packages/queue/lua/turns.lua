--[[
  Whose turn it is in a queue. Tenants take turns, not jobs: who has a thousand jobs waits as long as who has one.

  Every tenant has an account, in ms of slot time. A slot that it has counts `slotWorth`, from the moment on at which the
  place was promised. When it is given back, what stays is the time for which another tenant wanted it, and that halves
  every `halfLife`: what nobody else wanted is not held against anybody. So an account says at any moment how many slots
  a tenant has, and what it was given lately at the cost of others. The least account goes first. Of a worker that was
  killed nothing is given back; time makes up for that, too.

  KEYS[1]  BullMQ's sorted set of waiting jobs, lowest score first. BullMQ adds at priority 1, which is a score of
           1 * 2^32 and a running number. From there they are sorted here, by the whole part of score / 2^32:
             0  called: the next place is theirs     1  arrived     2 and more  in line, a number for each tenant
           Only scores are changed. The priority that BullMQ keeps with the job stays 1, so that a job which it moves
           (a rest is over, a step is released, a worker was stopped) arrives again.
  KEYS[2]  BullMQ's list of waiting jobs that have no priority; it empties that first. They are of an older release, or
           were found without their worker.
  KEYS[3]  BullMQ's sorted set of jobs that rest, by when that is over (ms * 2^12). It moves them when a worker looks for
           a job; while all slots are taken none does, and those whose rest is over would wait unseen.
  KEYS[4]  its running number     KEYS[5]  its stream of events     KEYS[6]  its note for workers that there is work
  KEYS[7]  accounts: sorted set of tenants. The score is log2(ms) + now / halfLife, which does not change as time
           passes, only as slots are given.
  KEYS[8]  tenants in line, with the scores of their accounts
  KEYS[9]  hash: a tenant's number in line
  KEYS[10] jobs whose place is paid for, called or running, by their last sign of life (ms)

  ARGV[1]  begin   a job was taken from the queue. 1: it may run; 0: a tenant that was served clearly less was called
                   in its stead, and it has to go back
           ask     at the end of a page. 0: no other tenant waits; 1: one does; 2: one does, or another job of its own,
                   and the place was promised to it: the turn has to end
           finish  the job is about to leave its slot. 0
  ARGV[2]  prefix of the keys of jobs     ARGV[3]  the job     ARGV[4]  its tenant
  ARGV[5]  ms since it last told of itself     ARGV[6]  ms that it has run     ARGV[7]  ms of them that others waited

  Result   a number, see above.

  Atomic, because Redis runs one script at a time. Everything kept here is a hint: lost, it is built up again from the
  jobs that wait. A tenant's job is believed only when the job itself says so, so that a wrong hint cannot make two
  jobs give way to each other: who gives way always gives way to a waiting job whose tenant has less, and that one runs.
]]
local waiting, unsorted, resting, counter, events, marker = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local accounts, line, numbers, places = KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local action, prefix, job, tenant = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local untold, age, contended = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])

local band = 4294967296
local halfLife = 20000
-- What a slot comes to that is kept for ever, if its time is added and the sum halves every `halfLife`.
local slotWorth = halfLife / math.log(2)
-- What differs by less is equal. It is also the least turn among tenants that are.
local margin = 1000
-- After so long others of the same tenant go first, too.
local slice = 10000
-- Bounds what one call may cost; the rest is sorted by the next ones.
local batch = 100
local paidFor = 600000
local forgotten = 86400000

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000

local function scoreOf(amount)
  return math.log(math.max(amount, 1)) / math.log(2) + now / halfLife
end

local function amountOf(score)
  return score and 2 ^ (tonumber(score) - now / halfLife) or 0
end

local function accountOf(who)
  return amountOf(redis.call('ZSCORE', accounts, who))
end

local function charge(who, amount)
  local total = accountOf(who) + amount
  if total < 1 then
    redis.call('ZREM', accounts, who)
  else
    redis.call('ZADD', accounts, scoreOf(total), who)
  end
  redis.call('ZADD', line, 'XX', scoreOf(total), who)
end

local function tenantOf(id)
  local read, payload = pcall(cjson.decode, redis.call('HGET', prefix .. id, 'data') or '')
  local known = read and type(payload) == 'table' and type(payload.organizationId) == 'string'
  return known and payload.organizationId or ''
end

local function lineUp(id, score)
  local who = tenantOf(id)
  local number = redis.call('HGET', numbers, who)
  if not number then
    number = redis.call('HLEN', numbers) + 2
    redis.call('HSET', numbers, who, number)
  end
  redis.call('ZADD', waiting, 'XX', tonumber(number) * band + score % band, id)
  redis.call('ZADD', line, 'NX', scoreOf(accountOf(who)), who)
end

-- What BullMQ does as well, when a worker looks for a job.
local function endRests()
  local over = redis.call('ZRANGEBYSCORE', resting, 0, now * 4096, 'LIMIT', 0, batch)
  for _, id in ipairs(over) do
    redis.call('ZREM', resting, id)
    redis.call('HSET', prefix .. id, 'delay', 0)
    if tonumber(redis.call('HGET', prefix .. id, 'priority') or '0') == 0 then
      redis.call('LPUSH', unsorted, id)
    else
      redis.call('ZADD', waiting, band + redis.call('INCR', counter) % band, id)
    end
    redis.call('XADD', events, 'MAXLEN', '~', 10000, '*', 'event', 'waiting', 'jobId', id, 'prev', 'delayed')
    redis.call('ZADD', marker, 0, '0')
  end
end

local function sortArrivals()
  if redis.call('EXISTS', numbers) == 0 then
    redis.call('DEL', line)
  end
  -- Normal when nobody is in line. If somebody is, the hints were lost, and nobody would ever be called.
  if redis.call('EXISTS', line) == 0 then
    local lost = redis.call('ZRANGEBYSCORE', waiting, 2 * band, '+inf', 'WITHSCORES')
    for i = 1, #lost, 2 do
      redis.call('ZADD', waiting, 'XX', band + tonumber(lost[i + 1]) % band, lost[i])
    end
  end
  local arrived =
    redis.call('ZRANGEBYSCORE', waiting, band, '(' .. 2 * band, 'WITHSCORES', 'LIMIT', 0, batch)
  for i = 1, #arrived, 2 do
    lineUp(arrived[i], tonumber(arrived[i + 1]))
  end
end

-- The first job of a tenant in line; nil when it has none.
local function firstOf(who)
  local number = tonumber(redis.call('HGET', numbers, who) or '0')
  while number > 0 do
    local upTo = string.format('(%.0f', (number + 1) * band)
    local found = redis.call('ZRANGEBYSCORE', waiting, number * band, upTo, 'WITHSCORES', 'LIMIT', 0, 1)
    if #found == 0 or tenantOf(found[1]) == who then
      return found[1]
    end
    lineUp(found[1], tonumber(found[2]))
  end
end

-- The tenant in line that was served least, its account, and its first job; nil when nobody is in line.
local function leastServed()
  while true do
    local head = redis.call('ZRANGE', line, 0, 0, 'WITHSCORES')
    if #head == 0 then
      return nil
    end
    local first = firstOf(head[1])
    if first then
      return head[1], amountOf(head[2]), first
    end
    redis.call('ZREM', line, head[1])
  end
end

-- Takes a place for a job: it counts from now on, so that nobody else gives way for the same job.
local function pay(who, id)
  redis.call('ZADD', places, now, id)
  charge(who, slotWorth)
end

local function call(who, id)
  -- By time, so that they go in the order in which they were called.
  redis.call('ZADD', waiting, 'XX', now / 1000, id)
  pay(who, id)
end

-- What is given back for a place: all but the time for which others wanted it, less what has faded of that.
local function unearned()
  return slotWorth * 2 ^ (-contended / halfLife)
end

local function leave()
  redis.call('ZREM', places, job)
  charge(tenant, -unearned())
end

local function callLeastServed()
  local who, _, first = leastServed()
  if who then
    call(who, first)
  end
end

-- A slot counts the same for as long as it is kept: what time took from the account is added again.
local function tell()
  charge(tenant, slotWorth * (1 - 2 ^ (-untold / halfLife)))
end

local actions = {}

function actions.begin()
  redis.call('ZREMRANGEBYSCORE', places, '-inf', now - paidFor)
  redis.call('ZREMRANGEBYSCORE', accounts, '-inf', scoreOf(1))
  -- BullMQ would put a job without priority before all others again, also one that gives way.
  if redis.call('HGET', prefix .. job, 'priority') == '0' then
    redis.call('HSET', prefix .. job, 'priority', 1)
  end
  -- Called, or cut off in the middle of a turn by the end of its worker: the place was taken then.
  if redis.call('ZSCORE', places, job) then
    redis.call('ZADD', places, now, job)
    return 1
  end
  endRests()
  sortArrivals()
  local who, amount, first = leastServed()
  if who and who ~= tenant and accountOf(tenant) > amount + margin then
    call(who, first)
    return 0
  end
  pay(tenant, job)
  return 1
end

function actions.ask()
  tell()
  if redis.call('ZSCORE', places, job) then
    redis.call('ZADD', places, now, job)
  else
    -- Lost meanwhile. The job has its slot all the same.
    pay(tenant, job)
  end
  endRests()
  -- Those go before all others in any case; one turn ends for each of them.
  local head = age >= margin and redis.call('LINDEX', unsorted, -1)
  if head and redis.call('ZADD', places, 'NX', now, 'first:' .. head) == 1 then
    leave()
    return 2
  end
  if redis.call('ZCARD', waiting) == 0 then
    return 0
  end
  sortArrivals()
  local who, amount = leastServed()
  if not who then
    return 0
  end
  -- Compared is what the account would be without this place.
  local lead = accountOf(tenant) - unearned() - amount
  local othersTurn = who ~= tenant and (lead > margin or age >= margin and lead > -margin)
  local ownTurn = age >= slice and firstOf(tenant) ~= nil
  if othersTurn or ownTurn then
    leave()
    callLeastServed()
    return 2
  end
  return (who ~= tenant or redis.call('ZCARD', line) > 1) and 1 or 0
end

function actions.finish()
  tell()
  -- Otherwise the place was given away before.
  if redis.call('ZSCORE', places, job) then
    leave()
    endRests()
    sortArrivals()
    callLeastServed()
  end
  return 0
end

local result = actions[action]()
if action ~= 'ask' then
  for i = 7, 10 do
    redis.call('PEXPIRE', KEYS[i], forgotten)
  end
end
return result
