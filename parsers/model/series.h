/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time series. A table is what one log gave: rows in file order, one column per metric that occurs;
 * NaN marks a gap. Metrics are named once, in the list below, whatever a format calls them.
 */
#ifndef MT_MODEL_SERIES_H
#define MT_MODEL_SERIES_H

#include "parsers/base/arena.h"
#include "parsers/model/time.h"

#include <stddef.h>

enum mt_unit { MT_BYTES, MT_COUNT, MT_NS, MT_RATIO, MT_PER_SECOND, MT_UNIX_NS };

/* enum, name in reports, unit, counter (only grows within one process) */
#define MT_METRICS(X)                                                                              \
    X(HEAP_ALLOC, "HeapAlloc", MT_BYTES, false)                                                    \
    X(HEAP_SYS, "HeapSys", MT_BYTES, false)                                                        \
    X(HEAP_IDLE, "HeapIdle", MT_BYTES, false)                                                      \
    X(HEAP_INUSE, "HeapInuse", MT_BYTES, false)                                                    \
    X(HEAP_RELEASED, "HeapReleased", MT_BYTES, false)                                              \
    X(HEAP_OBJECTS, "HeapObjects", MT_COUNT, false)                                                \
    X(NEXT_GC, "NextGC", MT_BYTES, false)                                                          \
    X(SYS, "Sys", MT_BYTES, false)                                                                 \
    X(STACK_INUSE, "StackInuse", MT_BYTES, false)                                                  \
    X(STACK_SYS, "StackSys", MT_BYTES, false)                                                      \
    X(MSPAN_INUSE, "MSpanInuse", MT_BYTES, false)                                                  \
    X(MSPAN_SYS, "MSpanSys", MT_BYTES, false)                                                      \
    X(MCACHE_INUSE, "MCacheInuse", MT_BYTES, false)                                                \
    X(MCACHE_SYS, "MCacheSys", MT_BYTES, false)                                                    \
    X(BUCK_HASH_SYS, "BuckHashSys", MT_BYTES, false)                                               \
    X(GC_SYS, "GCSys", MT_BYTES, false)                                                            \
    X(OTHER_SYS, "OtherSys", MT_BYTES, false)                                                      \
    X(TOTAL_ALLOC, "TotalAlloc", MT_BYTES, true)                                                   \
    X(MALLOCS, "Mallocs", MT_COUNT, true)                                                          \
    X(FREES, "Frees", MT_COUNT, true)                                                              \
    X(LOOKUPS, "Lookups", MT_COUNT, true)                                                          \
    X(NUM_GC, "NumGC", MT_COUNT, true)                                                             \
    X(NUM_FORCED_GC, "NumForcedGC", MT_COUNT, true)                                                \
    X(PAUSE_TOTAL, "PauseTotalNs", MT_NS, true)                                                    \
    X(LAST_PAUSE, "LastPauseNs", MT_NS, false)                                                     \
    X(LAST_GC, "LastGC", MT_UNIX_NS, false)                                                        \
    X(GC_CPU_FRACTION, "GCCPUFraction", MT_RATIO, false)                                           \
    X(GOMEMLIMIT, "GOMEMLIMIT", MT_BYTES, false)                                                   \
    X(GOGC, "GOGC", MT_COUNT, false)                                                               \
    X(GOMAXPROCS, "GOMAXPROCS", MT_COUNT, false)                                                   \
    X(GOROUTINES, "Goroutines", MT_COUNT, false)                                                   \
    X(RUNNABLE, "Runnable", MT_COUNT, false)                                                       \
    X(THREADS, "Threads", MT_COUNT, false)                                                         \
    X(CGO_CALLS, "CgoCalls", MT_COUNT, true)                                                       \
    X(FINALIZER_QUEUE, "FinalizerQueue", MT_COUNT, false)                                          \
    X(OPEN_FDS, "OpenFDs", MT_COUNT, false)                                                        \
    X(MAX_FDS, "MaxFDs", MT_COUNT, false)                                                          \
    X(RSS, "RSS", MT_BYTES, false)                                                                 \
    X(RSS_ANON, "RssAnon", MT_BYTES, false)                                                        \
    X(RSS_PEAK, "MaxRSS", MT_BYTES, false) /* the highest so far, at first the parent's */         \
    X(VIRTUAL, "VirtualMemory", MT_BYTES, false)                                                   \
    X(CGROUP_CURRENT, "CgroupCurrent", MT_BYTES, false)                                            \
    X(CGROUP_ANON, "CgroupAnon", MT_BYTES, false)                                                  \
    X(CGROUP_FILE, "CgroupFile", MT_BYTES, false)                                                  \
    X(CGROUP_LIMIT, "CgroupLimit", MT_BYTES, false)                                                \
    X(CPU_SECONDS, "CPUSeconds", MT_NS, true)                                                      \
    X(REQUESTS, "Requests", MT_COUNT, true)                                                        \
    X(HEAP_LIVE, "HeapLive", MT_BYTES, false)     /* trace metric: heap objects */                 \
    X(HEAP_GOAL, "HeapGoal", MT_BYTES, false)     /* trace metric */                               \
    X(HEAP_MARKED, "HeapMarked", MT_BYTES, false) /* live at the last mark: /gc/heap/live:bytes */ \
    X(PROCESS_START, "ProcessStart", MT_UNIX_NS, false)

enum mt_metric {
#define MT_METRIC_ENUM(id, name, unit, counter) MT_M_##id,
    MT_METRICS(MT_METRIC_ENUM)
#undef MT_METRIC_ENUM
        MT_METRIC_COUNT
};

struct mt_metric_info {
    const char *name;
    enum mt_unit unit;
    bool counter;
};
const struct mt_metric_info *mt_metric_info(enum mt_metric metric);

struct mt_table {
    const char *source; /* reader's name: "memstats", "process-memory", "gotrace" */
    struct mt_clock_state clock;
    size_t n_rows, cap_rows;
    int64_t *time_ns;        /* MT_NO_TIME: the row has no time of its own */
    int64_t *since_start_ns; /* NULL, or per row: since the process began; MT_NO_TIME when absent */
    uint32_t gc_log; /* with since_start_ns: the GC log of the same process in the same capture, as
                        index + 1, by which the rows are aligned; 0 none */
    double *
        columns[MT_METRIC_COUNT]; /* NULL: the metric never occurs; else n_rows values, NaN = gap */
    uint8_t used[MT_METRIC_COUNT]; /* the metrics that occur, in the order they came */
    size_t n_used;
    uint32_t pid;    /* of the process, 0 unknown */
    uint32_t origin; /* pod, container or instance it came from; string id, 0 unknown */
};

/* Appends a row; values are set with mt_table_set until the next row. */
void mt_table_row(struct mt_arena *a, struct mt_table *t, int64_t time_ns);
void mt_table_set(struct mt_arena *a, struct mt_table *t, enum mt_metric metric, double value);
/* The last row's time since the process began. */
void mt_table_since_start(struct mt_arena *a, struct mt_table *t, int64_t since_start_ns);
/* The value of the last row, NaN when not set. */
double mt_table_last(const struct mt_table *t, enum mt_metric metric);

#endif
