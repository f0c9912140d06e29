-- POSTs of one KiB; anything but 202 counts as failed. The result is that of summary.lua.
dofile(os.getenv("BENCH_LOAD") .. "/summary.lua")
wrk.method = "POST"
wrk.body = string.rep("x", 1024)
local summarize = done
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init()
  other = 0
end

function response(status)
  if status ~= 202 then
    other = other + 1
  end
end

function done(summary, latency, requests)
  for _, thread in ipairs(threads) do
    summary.errors.status = summary.errors.status + thread:get("other")
  end
  summarize(summary, latency, requests)
end
