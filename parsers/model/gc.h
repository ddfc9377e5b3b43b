/* SPDX-License-Identifier: Apache-2.0 */
/* Collections, one record a cycle, of Go (gctrace, gclog, trace) and of the JVM (GC logs, JFR). */
#ifndef MT_MODEL_GC_H
#define MT_MODEL_GC_H

#include "parsers/model/time.h"

#include <stddef.h>

enum mt_gc_kind { MT_GC_GO, MT_GC_YOUNG, MT_GC_MIXED, MT_GC_FULL, MT_GC_CONCURRENT };

struct mt_gc_cycle {
    enum mt_gc_kind kind;
    uint32_t procs;         /* Go: Ps; 0 when absent */
    uint64_t number;        /* Go: the cycle's number; JVM: GC(n) or order */
    int64_t time_ns;        /* start of the cycle on the one clock; MT_NO_TIME until aligned.
                               gclog: of its last pause, at the end of the cycle */
    int64_t since_start_ns; /* since the process began ("@1.234s", JVM uptime); MT_NO_TIME when
                               absent */
    int64_t duration_ns;    /* start to end, wall */
    /* Go, wall ("clock") phases: sweep termination, concurrent mark, mark termination */
    int64_t sweep_term_ns, mark_ns, mark_term_ns;
    int64_t pause_ns;   /* all stop-the-world time of the cycle */
    double cpu_percent; /* "N%": share of CPU spent in GC since the start; NaN when absent */
    /* bytes; UINT64_MAX when absent. Go: at start, at end, live (a->b->c), goal; gclog has the heap
     * when the line was written as end, and the goal of the next cycle. JVM: before, -, after */
    uint64_t heap_start_bytes, heap_end_bytes, heap_live_bytes, goal_bytes;
    union {
        struct { /* kind MT_GC_GO, CPU ("cpu"): phases as above, mark split by who did it */
            int64_t cpu_sweep_term_ns, cpu_assist_ns, cpu_background_ns, cpu_idle_ns;
            int64_t cpu_mark_term_ns;
            int64_t cpu_sweep_ns; /* trace: sweeping by the program itself up to the next mark */
            uint64_t stacks_bytes, globals_bytes; /* since 1.18; MT_NO_BYTES when absent */
        };
        struct {                       /* all other kinds: the JVM; MT_NO_BYTES when absent */
            uint64_t heap_total_bytes; /* committed heap */
            uint64_t young_before_bytes, young_after_bytes;
            uint64_t old_before_bytes, old_after_bytes; /* given, or total minus young */
            uint64_t promoted_bytes;
        };
    };
    bool forced;
    uint32_t cause; /* JVM: "G1 Evacuation Pause"; string id */
};

#define MT_NO_BYTES UINT64_MAX

struct mt_gc_log {
    const char *source; /* "gctrace", "gclog", "jvm-gc", "jfr", "gotrace" */
    uint32_t collector; /* JVM: "G1", "Parallel"; string id */
    struct mt_clock_state clock;
    struct mt_gc_cycle *cycles; /* in order of the log */
    size_t n_cycles, cap_cycles;
    uint64_t missing_numbers; /* Go: cycle numbers that the log skips */
    bool live_is_whole_mib;   /* c stands for c to c + 1 MiB (gctrace) */
};

/* A cycle of Go's with every "absent" value set. */
void mt_gc_cycle_init(struct mt_gc_cycle *cycle);
/* One of the JVM's; a kind other than MT_GC_GO. */
void mt_gc_cycle_init_jvm(struct mt_gc_cycle *cycle, enum mt_gc_kind kind);
/* JVM: old and young from the whole and the other, promotion from old, as far as they are absent.
 * one_generation: what is collected is all old. */
void mt_gc_cycle_derive(struct mt_gc_cycle *cycle, bool one_generation);

#endif
