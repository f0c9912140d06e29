-- Prints wrk's result as one line of JSON.
function done(summary, latency)
  local e = summary.errors
  print(string.format(
    '{"answered": %d, "bytes": %d, "seconds": %.6f, "p50_us": %.0f, "p99_us": %.0f, '
      .. '"failed": %d, "failures": "connect %d, read %d, write %d, status %d, timeout %d"}',
    summary.requests, summary.bytes, summary.duration / 1e6,
    latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout,
    e.connect, e.read, e.write, e.status, e.timeout))
end
