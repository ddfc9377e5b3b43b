# SPDX-License-Identifier: Apache-2.0
{
    field("HeapAlloc", "(HeapAlloc|heap_alloc)")
    field("HeapInuse", "(HeapInuse|heap_inuse)")
    field("StackInuse", "StackInuse")
    field("NumGC", "(NumGC|num_gc)")
    field("Goroutines", "(NumGoroutine|goroutines)")
}
/ MiB/ { # Alloc = 3 MiB
    for (i = 3; i < NF; i++)
        if ($(i - 1) == "=" && $(i + 1) ~ /^MiB/ && $(i - 2) ~ /^(Alloc|Sys)$/)
            take("", $(i - 2) == "Sys" ? "Sys" : "HeapAlloc", $i * 1048576)
}
