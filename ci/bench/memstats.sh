#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Times `inspect` on 100 MB of MemStats in each text form: ci/bench/memstats.sh PROGRAM
# Target: 300 MB/s for JSON lines on one core.
set -eu
program=${1:-build/release/memtriage}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
poll='function poll(i) {
    t = 1795374000 + i; h = 3000000 + int(rand() * 60000000); n += int(rand() * 3)
}
function iso(t) { return sprintf("2026-11-22T%02d:%02d:%02d.%09dZ", t / 3600 % 24, t / 60 % 60, t % 60, rand() * 1e9) }'
awk "$poll"' BEGIN { srand(1)
    for (i = 0; size < 1e8; i++) { poll(i)
        line = sprintf("{\"Time\":\"%s\",\"NumGoroutine\":%d,\"Alloc\":%d,\"TotalAlloc\":%.0f,\"Sys\":%d,\"Mallocs\":%d,\"Frees\":%d,\"HeapAlloc\":%d,\"HeapSys\":%d,\"HeapIdle\":%d,\"HeapInuse\":%d,\"HeapReleased\":%d,\"HeapObjects\":%d,\"StackInuse\":%d,\"StackSys\":%d,\"MSpanInuse\":%d,\"MCacheInuse\":2400,\"GCSys\":%d,\"OtherSys\":%d,\"NextGC\":%d,\"LastGC\":%.0f,\"PauseTotalNs\":%d,\"NumGC\":%d,\"GCCPUFraction\":%.17f}",
            iso(t), 19 + i % 7, h, i * 4e6, h + 9e6, i * 900, i * 880, h, h + 6e6, 3899392, h + 8e5, 2023424, h / 90, 622592, 622592, h / 40, 2462688, 764629, h * 2, t * 1e9, n * 90000, n, rand() / 100)
        print line; size += length(line) + 1 } }' >"$work/json.log" &
awk "$poll"' BEGIN { srand(2)
    for (k = 0; k < 256; k++) { ring = ring (k ? "," : "") int(rand() * 9e5); ends = ends (k ? "," : "") "17953747" int(1e10 + rand() * 8e10) }
    for (i = 0; size < 1e8; i++) { poll(i)
        line = sprintf("{\"time\":\"%s\",\"Alloc\":%d,\"HeapAlloc\":%d,\"HeapInuse\":%d,\"PauseNs\":[%s],\"PauseEnd\":[%s],\"NumGC\":%d}", iso(t), h, h, h + 8e5, ring, ends, n)
        print line; size += length(line) + 1 } }' >"$work/rings.log"
wait
awk "$poll"' BEGIN { srand(3); print "timestamp,heap_alloc,heap_inuse,heap_idle,heap_released,heap_sys,heap_objects,stack_inuse,sys,next_gc,num_gc,pause_total_ns,goroutines"
    for (i = 0; size < 1e8; i++) { poll(i)
        line = sprintf("%s,%d,%d,4374528,4374528,%d,%d,491520,%d,%d,%d,%d,%d", iso(t), h, h + 8e5, h + 6e6, h / 90, h + 9e6, h * 2, n, n * 90000, 13 + i % 9)
        print line; size += length(line) + 1 } }' >"$work/csv.log" &
awk "$poll"' BEGIN { srand(4)
    for (i = 0; size < 1e8; i++) { poll(i)
        line = sprintf("ts=%s level=info msg=memstats heap_alloc=%d heap_inuse=%d heap_objects=%d heap_sys=%d stack_inuse=557056 next_gc=%d num_gc=%d pause_total=%.3fms goroutines=%d", iso(t), h, h + 8e5, h / 90, h + 6e6, h * 2, n, n * 0.09, 16 + i % 5)
        print line; size += length(line) + 1 } }' >"$work/logfmt.log"
wait
awk "$poll"' BEGIN { srand(5)
    for (i = 0; size < 1e8; i++) { poll(i)
        line = sprintf("2026/11/22 %02d:%02d:%02d memstats HeapAlloc=%d HeapInuse=%d HeapObjects=%d StackInuse=557056 Sys=%d NumGC=%d goroutines=%d\n2026/11/22 %02d:%02d:%02d INFO checkout accepted order=%d items=3 total=3.70\n2026/11/22 %02d:%02d:%02d http: TLS handshake error from 10.0.0.1:5223: EOF",
            t / 3600 % 24, t / 60 % 60, t % 60, h, h + 8e5, h / 90, h + 9e6, n, 16 + i % 5, t / 3600 % 24, t / 60 % 60, t % 60, 100000 + i, t / 3600 % 24, t / 60 % 60, t % 60)
        print line; size += length(line) + 1 } }' >"$work/app.log" &
awk "$poll"' BEGIN { srand(6)
    for (i = 0; size < 1e8; i++) { poll(i)
        line = sprintf("{\"log\":\"2026/11/22 %02d:%02d:%02d memstats HeapAlloc=%d HeapInuse=%d HeapObjects=%d StackInuse=524288 Sys=%d NumGC=%d goroutines=17\\n\",\"stream\":\"stderr\",\"time\":\"%s\"}", t / 3600 % 24, t / 60 % 60, t % 60, h, h + 8e5, h / 90, h + 9e6, n, iso(t))
        print line; size += length(line) + 1 } }' >"$work/docker.log"
wait
awk "$poll"' BEGIN { srand(7); split("alloc_bytes alloc_bytes_total heap_alloc_bytes heap_idle_bytes heap_inuse_bytes heap_objects heap_released_bytes heap_sys_bytes mallocs_total next_gc_bytes stack_inuse_bytes sys_bytes", names, " ")
    for (i = 0; size < 1e8; i++) { poll(i); line = "# scrape " iso(t) "\n"
        for (k = 1; k in names; k++) line = line "# HELP go_memstats_" names[k] " Number of bytes of this and that.\n# TYPE go_memstats_" names[k] " gauge\ngo_memstats_" names[k] sprintf(" %.7e\n", h * k)
        for (k = 0; k < 12; k++) line = line sprintf("shop_request_duration_seconds_bucket{route=\"/price\",le=\"%d\"} %d\n", k, i * k)
        printf "%s", line; size += length(line) } }' >"$work/prometheus.log"
for form in json rings csv logfmt app docker prometheus; do
    bytes=$(wc -c <"$work/$form.log")
    best=
    cpu=
    for run in 1 2 3 4 5; do
        start=$(date +%s%N)
        used=$(sh -c '"$1" inspect "$2" >/dev/null; times' sh "$program" "$work/$form.log" |
            awk 'NR == 2 {gsub(/[ms]/, " "); print int(1000 * ($1 * 60 + $2 + $3 * 60 + $4))}')
        ms=$((($(date +%s%N) - start) / 1000000))
        [ -n "$best" ] && [ "$best" -le "$ms" ] || best=$ms
        [ -n "$cpu" ] && [ "$cpu" -le "$used" ] || cpu=$used
    done
    echo "$form: $((bytes / 1000000)) MB in $best ms ($cpu ms of CPU), $((bytes / 1000 / cpu)) MB a CPU second"
done
