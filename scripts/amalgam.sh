#!/bin/sh
# Starts the program, for `npm start`, `npm run amalgam` and the command `amalgam`: the one place that says how Node runs it.

# libuv's pool has 4 threads unless the environment says otherwise before Node starts: Node reads a module by that pool, so
# the module itself is too late. Half of the threads at most look up names, so that two names that nobody answers for hold up
# all others, for 10 to 40 seconds. https://docs.libuv.org/en/v1.x/threadpool.html; src/outbound/resolve.ts
export UV_THREADPOOL_SIZE="${UV_THREADPOOL_SIZE:-32}"

# Through links, such as npm makes for a command.
here=$(dirname "$(readlink -f "$0")")
# The young generation of a process that only works, for the deliveries it sends: docs/benchmarks.md. Others pay for it in
# memory, twice where they run scripts, and gain little.
flags=
if [ "${1:-}" = work ]; then flags=--max-semi-space-size=32; fi
# shellcheck disable=SC2086
exec node $flags "$here/start.mjs" "$@"
