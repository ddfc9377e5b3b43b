# SPDX-License-Identifier: Apache-2.0
# Unified logs and older ones. A pause counts where the line says how long it was, those of CMS once its
# collection has ended; heap is what the last collection left.
BEGIN { RS = "[\r\n]+" }
function left(text) { # "46M->12M(61M)": MiB behind the last arrow
    sub(/.*->/, "", text)
    return text ~ /^[0-9.]+K/ ? int(text / 1024) : int(text)
}
function seconds(text) { # at the end of a bracket: "..., 0.0123456 secs]"
    sub(/ *\[Times.*/, "", text)
    sub(/ secs\] *$/, "", text)
    sub(/.* /, "", text)
    sub(/,/, ".", text)
    return text * 1000
}
function collection(text) {
    if (text ~ /CMS Initial Mark|CMS Final Remark|CMS-initial-mark|CMS-remark/) {
        begun_pause += seconds(text)
        return
    }
    pause += seconds(text)
    if (text ~ /GC (remark|cleanup)/) {
        if (text ~ /cleanup/)
            concurrent++
        if (text !~ /->/)
            return
    } else if (text ~ /Full GC|Tenured|ParOldGen|\[CMS[^-a-z]/) {
        full++
        begun_pause = 0
    } else if (text ~ /\(mixed\)/) {
        mixed++
    } else {
        young++
    }
    sub(/ *\[Times.*/, "", text)
    gsub(/\[[A-Za-z]+ *: [0-9]+K->[^]]*\]/, "", text) # the generations
    if (text ~ /->/)
        heap = left(text)
}
# a record over many lines, up to its last bracket
unfinished != "" {
    unfinished = unfinished " " $0
    if (/ secs\] *(\[Times.*)?$/) {
        collection(unfinished)
        unfinished = ""
    }
    next
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
/GC\([0-9]+\) Concurrent Reset [0-9.]+ms *$/ { concurrent++ } # CMS, whose cycle has no line of its own
/GC\([0-9]+\) (Garbage|Major) Collection .*->/ { concurrent++; heap = left($0) }
/GC\([0-9]+\) Minor Collection .*->/ { young++; heap = left($0) }
/GC\([0-9]+\) Pause Init Mark .*ms *$/ { if (/\(Young\)/) young++; else concurrent++ } # Shenandoah has no last line
/\[(GC|Full GC)[ 0-9:.,(-]/ && !/GC concurrent-|GC Worker/ {
    if (/ secs\] *(\[Times.*)?$/)
        collection($0)
    else
        unfinished = $0
}
/\[CMS-concurrent-reset: / { concurrent++; pause += begun_pause; begun_pause = 0 }
/\[Eden: .* Heap: .*->/ { heap = left($0) }
END {
    say("sum:processes.*.young", young + 0)
    say("sum:processes.*.mixed", mixed + 0)
    say("sum:processes.*.full", full + 0)
    say("sum:processes.*.concurrent", concurrent + 0)
    say("sum:processes.*.pause_ms", sprintf("%.6f", pause))
    if (heap != "")
        say("processes.0.last_heap_mib", heap)
}
