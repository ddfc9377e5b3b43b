# SPDX-License-Identifier: Apache-2.0
{
    field("HeapAlloc", "heap_alloc")
    field("HeapInuse", "heap_inuse")
    field("HeapSys", "heap_sys")
    field("NextGC", "next_gc")
    field("NumGC", "num_gc")
    field("Goroutines", "goroutines")
}
/heap_alloc=/ { rows++ }
END { say("records", rows) }
