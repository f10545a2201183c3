-- Arguments: "repeated" cycles through 64 questions, "distinct" never asks one twice, "messages", "responses" and "unkept" cycle in another format than chat; then a number that no other
-- measurement of the same server has.
local words = {
  "apple", "river", "engine", "window", "garden", "silver", "mountain", "letter", "doctor", "forest", "music", "planet", "bridge",
  "winter", "market", "animal", "coffee", "island", "history", "machine", "paper", "summer", "kitchen", "ocean", "teacher", "country",
  "language", "computer", "cloud", "horse", "stone", "city",
}
local formats = {
  messages = { path = "/v1/messages", before = '{"model":"auto","max_tokens":256,"messages":[{"role":"user","content":"', after = '"}]}' },
  responses = { path = "/v1/responses", before = '{"model":"auto","input":"', after = '"}' },
  unkept = { path = "/v1/responses", before = '{"model":"auto","store":false,"input":"', after = '"}' },
}
local chat = { path = "/v1/chat/completions", before = '{"model":"auto","messages":[{"role":"user","content":"', after = '"}]}' }
local threads = 0

-- A thread has variables of its own.
threads_most = 4

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  distinct = args[1] == "distinct"
  format = formats[args[1]] or chat
  run = tonumber(args[2])
  count = 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  bodies = {}
  if not distinct then
    for i = 0, 63 do
      bodies[i] = wrk.format(nil, format.path, nil, question(i * 31))
    end
  end
end

function question(i)
  local chosen = {}
  for k = 1, 6 do
    chosen[k] = words[i % 32 + 1]
    i = math.floor(i / 32)
  end
  return format.before .. string.format("Why is the %s %s like a %s %s by the %s %s?", unpack(chosen)) .. format.after
end

function request()
  count = count + 1
  if distinct then
    return wrk.format(nil, format.path, nil, question((run * 500000 + count) * threads_most + number))
  end
  return bodies[count % 64]
end

function done(summary, latency)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format('RESULT {"requests": %d, "seconds": %f, "errors": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, errors, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
