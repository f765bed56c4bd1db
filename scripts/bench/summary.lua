-- Prints what a run came to as one line of JSON. Scripts that load this file keep `done`.
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '{"wrk": {"requests": %d, "duration": %d, "errors": %d, "p50": %d, "p99": %d}}\n',
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end
