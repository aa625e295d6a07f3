-- Sends the requests of a file, each thread its own share of them, and prints what came of it as JSON.
-- Arguments: the file (method, path, token, media type and body to a line, with tabs between), and the number of threads.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  requests, position = {}, 0
  local path, count, line_number = arguments[1], tonumber(arguments[2]), 0
  for line in io.lines(path) do
    if line_number % count == number then
      local method, target, token, kind, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
      local headers = { Authorization = "Bearer " .. token }
      if body == "" then
        body = nil
      else
        headers["Content-Type"] = kind
        body = body:gsub("\30", "\n")
      end
      requests[#requests + 1] = wrk.format(method, target, headers, body)
    end
    line_number = line_number + 1
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format('{"microseconds": %d, "requests": %d, "errors": %d, "p50": %d, "p99": %d}\n',
    summary.duration, summary.requests, errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
