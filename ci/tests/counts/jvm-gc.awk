# SPDX-License-Identifier: Apache-2.0
# Unified logs, and of the older ones those with a record a line. A pause counts where the line says how long
# it was, heap is what the last collection left.
BEGIN { RS = "[\r\n]+" }
function left(text) { # "46M->12M(61M)": MiB behind the last arrow
    sub(/.*->/, "", text)
    return text ~ /^[0-9]+K/ ? int(text / 1024) : text + 0
}
/GC\([0-9]+\) .*Pause .* [0-9.]+ms *$/ { pause += $NF }
/GC\([0-9]+\) Pause (Remark|Cleanup) [0-9]+M->/ { heap = left($0) }
/GC\([0-9]+\) Pause (Full|Young|Mixed).* [0-9]+[KMG]->[0-9]+[KMG]/ {
    if (/Pause Full/)
        full++
    else if (/\(Mixed\)|Pause Mixed/)
        mixed++
    else
        young++
    heap = left($0)
}
match($0, /GC\([0-9]+\) Concurrent (Mark |Undo )?Cycle/) && !(substr($0, RSTART, RLENGTH) in begun) {
    begun[substr($0, RSTART, RLENGTH)]
    concurrent++
}
/GC\([0-9]+\) (Garbage|Major) Collection .*->/ { concurrent++; heap = left($0) }
/GC\([0-9]+\) Minor Collection .*->/ { young++; heap = left($0) }
/GC\([0-9]+\) Pause Init Mark .*ms *$/ { if (/\(Young\)/) young++; else concurrent++ } # Shenandoah has no last line
/\[(GC|Full GC)[ 0-9:.,]*(\(.*\))? .*K->/ {
    line_text = $0
    sub(/ \[Times.*/, "", line_text)
    if (/Full GC|Tenured|ParOldGen/)
        full++
    else
        young++
    gsub(/\[[A-Za-z]+ *: [0-9]+K->[^]]*\]/, "", line_text) # the generations
    heap = left(line_text)
    sub(/ secs\]$/, "", line_text)
    sub(/.* /, "", line_text)
    sub(/,/, ".", line_text)
    pause += line_text * 1000
}
END {
    say("sum:processes.*.young", young + 0)
    say("sum:processes.*.mixed", mixed + 0)
    say("sum:processes.*.full", full + 0)
    say("sum:processes.*.concurrent", concurrent + 0)
    say("sum:processes.*.pause_ms", sprintf("%.6f", pause))
    if (heap != "")
        say("processes.0.last_heap_mib", heap)
}
