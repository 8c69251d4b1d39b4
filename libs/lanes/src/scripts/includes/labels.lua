-- Labels that tasks require. A labels key is `name=value,...`, percent-encoded and sorted, '' for none; tasks of each key have
-- a yard of their own, so that a worker looks at those it carries and never at single tasks.

local function percentEncode(text)
  return (string.gsub(text, '[^%w_.-]', function(char) return string.format('%%%02X', string.byte(char)) end))
end

-- The pairs of a decoded object of labels, encoded and sorted; nil when it is no such object.
local function labelPairs(labels)
  if type(labels) ~= 'table' then return nil end
  local found = {}
  for name, value in pairs(labels) do
    if type(name) ~= 'string' or type(value) ~= 'string' then return nil end
    found[#found + 1] = percentEncode(name) .. '=' .. percentEncode(value)
  end
  table.sort(found)
  return found
end

-- How many label sets a pool knows at a time: what a worker with labels looks at for each task is bounded by it.
local maxLabelSets = 64

-- The labels key in a task's options as JSON. Second value: why they cannot be.
local function labelsIn(P, opts)
  if not opts or not string.find(opts, '"labels"', 1, true) then return '' end
  local ok, options = pcall(cjson.decode, opts)
  if not ok or type(options) ~= 'table' or options['labels'] == nil or options['labels'] == cjson.null then return '' end
  local found = labelPairs(options['labels'])
  local key = found and table.concat(found, ',')
  if not key or #found > 32 or #key > 1000 then
    return '', 'labels must be an object of at most 32 texts, 1000 bytes in all when percent-encoded'
  end
  local isNew = key ~= '' and not redis.call('ZSCORE', P .. 'labelsets', key)
  if isNew and redis.call('ZCARD', P .. 'labelsets') >= maxLabelSets then
    return '', 'labels must be one of the ' .. maxLabelSets .. ' sets that the pool has in use'
  end
  return key
end

local function yardOf(P, labels) return labels == '' and P .. 'yard' or P .. 'yard:' .. labels end

-- Whether a worker carries all labels of a key. Its own pairs are read once per call: only a registration changes them.
local function carries(P, worker, labels)
  if labels == '' then return true end
  if not call.carried[worker] then call.carried[worker] = redis.call('HGET', P .. 'labels', worker) or '' end
  for pair in string.gmatch(labels, '[^,]+') do
    if not string.find(call.carried[worker], ',' .. pair .. ',', 1, true) then return false end
  end
  return true
end

-- The yards of the label sets that a worker carries.
local function labelledYards(P, worker)
  local yards = {}
  for _, labels in ipairs(redis.call('ZRANGE', P .. 'labelsets', '0', '-1')) do
    if carries(P, worker, labels) then yards[#yards + 1] = yardOf(P, labels) end
  end
  return yards
end
