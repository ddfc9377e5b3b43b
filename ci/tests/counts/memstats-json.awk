# SPDX-License-Identifier: Apache-2.0
# Objects of one a line or of many lines: every member is on a line once.
{
    field("HeapAlloc", "(HeapAlloc|heap_alloc)")
    field("HeapInuse", "(HeapInuse|heap_inuse)")
    field("TotalAlloc", "TotalAlloc")
    field("NumGC", "(NumGC|num_gc)")
    field("Goroutines", "(NumGoroutine|goroutines)")
}
!/"LastGC": ?0[,}]/ { field("LastGC", "LastGC") } # none yet
/"(HeapAlloc|heap_alloc)\\?"/ { rows++ }
END { say("records", rows) }
