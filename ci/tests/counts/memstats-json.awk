# SPDX-License-Identifier: Apache-2.0
# Objects of one a line or of many lines: every member is on a line once.
{
    field("HeapAlloc", "HeapAlloc")
    field("HeapInuse", "HeapInuse")
    field("TotalAlloc", "TotalAlloc")
    field("NumGC", "NumGC")
    field("Goroutines", "(NumGoroutine|goroutines)")
}
!/"LastGC": ?0[,}]/ { field("LastGC", "LastGC") } # none yet
/"HeapAlloc"/ { rows++ }
END { say("records", rows) }
