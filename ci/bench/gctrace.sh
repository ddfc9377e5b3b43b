#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Times `inspect` on 100 MB of GC lines, of scheduler, pacer and scavenger lines between them, and of
# a JVM's unified log: ci/bench/gctrace.sh PROGRAM
set -eu
program=${1:-build/release/memtriage}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cycles='function cycle() {
    n++; t += rand() * 0.3; h = 200 + int(n / 1000)
    printf "gc %d @%.3fs %d%%: %.3f+%.1f+%.3f ms clock, %.2f+%.3f/%.2f/%.1f+%.3f ms cpu, %d->%d->%d MB, %d MB goal, 0 MB stacks, 0 MB globals, 8 P\n",
        n, t, n % 7, rand() / 5, rand() * 9, rand() / 10, rand(), rand(), rand(), rand() * 9, rand() / 9, h * 2, h * 2 + 3, h, h * 2 + 5
}'
awk "$cycles"' BEGIN { srand(1); while (n < 670000) cycle() }' >"$work/cycles.log"
awk "$cycles"' BEGIN {
    srand(1); print "2026/11/22 19:00:00.000000 listening on 127.0.0.1:8080"
    while (n < 230000) {
        printf "pacer: assist ratio=+%.6e (scan 1 MB in 3->4 MB) workers=0++2.500000e-001\n", rand()
        printf "pacer: 25%% CPU (25 exp.) for 1394288+27504+199120 B work (199120 B exp.) in %d B -> %d B (∆goal 65536, cons/mark +0.0e+000)\n", h * 2097152, h * 2100000
        cycle()
        print "scav 0 KiB work (bg), 0 KiB work (eager), 3456 KiB now, 76% util"
        if (n % 10 == 0) printf "SCHED %dms: gomaxprocs=8 idleprocs=1 threads=14 spinningthreads=0 needspinning=0 idlethreads=2 runqueue=0 [0 0 0 0 0 0 0 0]\n", t * 1000
        if (n % 5 == 0) printf "2026/11/22 %02d:%02d:%02d.%06d request served\n", 19 + t / 3600 % 5, t / 60 % 60, t % 60, 0
    }
}' >"$work/noise.log"
awk 'BEGIN {
    srand(1)
    for (n = 0; n < 105000; n++) {
        t += rand(); p = sprintf("[%.3fs][info][gc", t); g = "GC(" n ")"
        print p ",start    ] " g " Pause Young (Normal) (G1 Evacuation Pause)"
        print p ",task     ] " g " Using 2 workers of 2 for evacuation"
        for (k = 1; k <= 5; k++) print p ",phases   ] " g "   Evacuate Collection Set: 68.1ms"
        print p ",heap     ] " g " Eden regions: 60->0(20)"
        print p ",heap     ] " g " Survivor regions: 1->2(10)"
        print p ",heap     ] " g " Old regions: 40->44"
        print p ",heap     ] " g " Humongous regions: 0->0"
        print p ",metaspace] " g " Metaspace: 79K(320K)->79K(320K) NonClass: 75K(192K)->75K(192K) Class: 3K(128K)->3K(128K)"
        print p "          ] " g " Pause Young (Normal) (G1 Evacuation Pause) 101M->46M(256M) 7.465ms"
        print p ",cpu      ] " g " User=0.02s Sys=0.02s Real=0.08s"
    }
}' >"$work/jvm.log"
for log in cycles noise jvm; do
    bytes=$(wc -c <"$work/$log.log")
    best=
    cpu=
    for run in 1 2 3 4 5; do
        start=$(date +%s%N)
        used=$(sh -c '"$1" inspect "$2" >/dev/null; times' sh "$program" "$work/$log.log" |
            awk 'NR == 2 {gsub(/[ms]/, " "); print int(1000 * ($1 * 60 + $2 + $3 * 60 + $4))}')
        ms=$((($(date +%s%N) - start) / 1000000))
        [ -n "$best" ] && [ "$best" -le "$ms" ] || best=$ms
        [ -n "$cpu" ] && [ "$cpu" -le "$used" ] || cpu=$used
    done
    echo "$log: $((bytes / 1000000)) MB in $best ms ($cpu ms of CPU), $((bytes / 1000 / cpu)) MB a CPU second"
done
