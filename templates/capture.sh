#!/bin/sh
# Captures a bundle for memtriage from a net/http/pprof endpoint; needs only curl and date.
#   sh capture.sh http://HOST:PORT [FOLDER] [SECONDS]
# A heap profile every 10 s, goroutines every 20 s, MemStats every 5 s, a 5 s trace in the middle.
# For GC cycles as well, start the service with GODEBUG=gctrace=1 and copy its standard error in.
set -eu
base=${1:?usage: capture.sh http://HOST:PORT [FOLDER] [SECONDS]}
out=${2:-bundle}
seconds=${3:-120}
p=$base/debug/pprof
mkdir -p "$out/heap" "$out/goroutine" "$out/logs"
now() { date -u +%Y%m%dT%H%M%SZ; }
get() {
    if curl -fsS --max-time 60 -o "$2.part" "$1"; then
        mv "$2.part" "$2"
    else
        rm -f "$2.part"
        echo "not captured: $2" >&2
    fi
}
memstats() { # they stand at the end of the heap text; no collection is forced
    date -u +'# scrape %Y-%m-%dT%H:%M:%SZ' >>"$out/logs/memstats.txt"
    curl -fsS --max-time 10 "$p/heap?debug=1" | sed -n '/^# [A-Za-z]* = /p' >>"$out/logs/memstats.txt" ||
        echo "not captured: MemStats" >&2
}
start=$(date +%s)
traced=
turn=0
while :; do
    passed=$(($(date +%s) - start))
    [ "$passed" -lt "$seconds" ] || break
    memstats
    [ $((turn % 2)) != 0 ] || get "$p/heap?gc=1" "$out/heap/$(now).pb.gz"
    [ $((turn % 4)) != 0 ] || get "$p/goroutine" "$out/goroutine/$(now).pb.gz"
    [ $((turn % 8)) != 0 ] || get "$p/goroutine?debug=2" "$out/goroutine/$(now)-debug2.txt"
    if [ -z "$traced" ] && [ "$passed" -ge $((seconds / 2)) ]; then
        traced=yes
        get "$p/trace?seconds=5" "$out/$(now).trace"
    else
        sleep 5
    fi
    turn=$((turn + 1))
done
memstats
get "$p/heap?gc=1" "$out/heap/$(now).pb.gz"
get "$p/goroutine" "$out/goroutine/$(now).pb.gz"
get "$p/goroutine?debug=2" "$out/goroutine/$(now)-debug2.txt"
for kind in allocs block mutex threadcreate goroutineleak; do
    get "$p/$kind" "$out/$kind-$(now).pb.gz"
done
printf '{"captured_at": "%s", "interval_ms": 5000, "labels": {"endpoint": "%s"}}\n' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$base" >"$out/bundle.json"
echo "$out"
