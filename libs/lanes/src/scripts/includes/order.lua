-- Tells the journal what somebody ordered. fields: names and values. by: who. why: in their words, '' when nothing was said.
local function tellOrder(journal, fields, by, why)
  fields[#fields + 1] = 'by'
  fields[#fields + 1] = by
  if why and why ~= '' then
    fields[#fields + 1] = 'why'
    fields[#fields + 1] = why
  end
  redis.call('XADD', journal, 'MAXLEN', '~', '100000', '*', unpack(fields))
end
