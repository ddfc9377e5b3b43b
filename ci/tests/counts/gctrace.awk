# SPDX-License-Identifier: Apache-2.0
# Of a line the pauses are the first and the last phase of the clock; of Go before 1.5 all of them.
{
    rest = $0
    while (match(rest, /gc [0-9]+ @[0-9.]+s [0-9]+%[^:]*: [0-9.+]+ ms clock,[^,]*, [0-9]+->[0-9]+->[0-9]+ MB[^P]* P( \(forced\))?/)) {
        line = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        cycles++
        if (line ~ /\(forced\)$/)
            forced++
        clock = line
        sub(/ ms clock.*/, "", clock)
        sub(/.*: /, "", clock)
        n = split(clock, phase, "+")
        pause += phase[1] + phase[n]
    }
}
/^gc[0-9]+\([0-9]+\): [0-9+]+ (ms|us)/ {
    cycles++
    n = split($2, phase, "+")
    for (i = 1; i <= n; i++)
        pause += phase[i] / (/[0-9] us/ ? 1000 : 1)
}
/SCHED [0-9]+ms: / { sched++ }
/scav [0-9]+ |scvg(-?[0-9]+)?: inuse/ { scav++ }
/pacer: / { pacer++ }
END {
    say("sum:processes.*.cycles", cycles + 0)
    say("sum:processes.*.forced", forced + 0)
    say("sum:processes.*.pause_ms", sprintf("%.6f", pause))
    say("sched_lines", sched + 0)
    say("scav_lines", scav + 0)
    say("pacer_lines", pacer + 0)
}
