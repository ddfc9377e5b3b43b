#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One capture alone cannot say whether memory leaks, but the report shows what it does know, draws it, and asks
# for what would decide; the page's script begins with the same graph that the text introduces.
. ci/testlib.sh
# shows FILE SENTENCE...: each stands in the page
shows() {
    file=$1
    shift
    expect 0 "$tool" report "testdata/$file" -o "$work/page.html" --quiet
    for sentence in "$@"; do
        grep -qF "$sentence" "$work/page.html" || complain "$file: the page does not say: $sentence"
    done
}
shows pprof/references.pb.gz 'Who holds it: paths of references from the roots' 'nothing here shows the heap over time' 'Self objects'
shows jfr/async-profiler-4.5.jfr.gz 'Shown instead: sampled bytes that live.' 'no collection was recorded' 'settings=profile'
shows jfr/g1-jdk17.jfr.gz 'Shown instead: sampled objects that are old.' 'The old generation rises'
shows pprof/allocs.pb.gz 'Who holds the live heap in the last snapshot'
shows pprof/mutex.pb.gz 'Shown instead: time waited for locks in ns of the last mutex profile.' 'Self contentions'
shows count-text/goroutine.txt 'Shown instead: goroutines of the last goroutine profile.'
shows cgroup/v2-grep.log 'Process memory'
shows bare-memory/current.log 'Container memory'
# a long log that rises
awk 'BEGIN { for (i = 0; i < 240; i++) printf "2026-11-22T%02d:%02d:%02dZ pid=7 rss_kb=%d\n",
    9 + int(i / 120), int(i / 2) % 60, i % 2 * 30, 50000 + i * 400 + i * 7919 % 900 }' >"$work/rss.log"
expect 0 "$tool" report "$work/rss.log" -o "$work/page.html" --quiet
grep -qF 'the process takes ever more memory, but nothing here shows its heap' "$work/page.html" || complain "an RSS log that rises: not said"
finish
