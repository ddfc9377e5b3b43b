/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an execution trace (runtime/trace) tells a leak investigation, derived in one pass by the
 * trace consumers. Times are on the one clock once the trace is anchored: readers give ns since the
 * trace's first event in start_ns-relative fields named *_at_ns, the bundle adds start_ns.
 */
#ifndef MT_MODEL_TRACE_H
#define MT_MODEL_TRACE_H

#include "parsers/model/profile.h"

enum mt_go_state { MT_GO_RUNNABLE, MT_GO_RUNNING, MT_GO_WAITING, MT_GO_SYSCALL, MT_GO_STATES };

/* A site over time: mt_trace.n_bins stretches of mt_trace.bin_ns from the first event on, the last
 * of them cut off by the end. */
struct mt_trace_course {
    const uint32_t *created, *ended;
    const uint32_t *left; /* of those created in it, alive at the end */
};

/* Goroutines by where they were created: one row per (creator frame, start function). */
struct mt_trace_site {
    uint32_t creator; /* string id of the function with the go statement; 0 unknown */
    uint32_t creator_file;
    uint32_t creator_line;
    uint32_t start_function; /* outermost frame of the goroutine itself */
    uint32_t parent;         /* start function of the goroutines that made most of these */
    uint64_t created, ended, existing_at_start, alive_at_end;
    uint64_t never_ended; /* created in the window and alive at its end */
    int64_t state_ns[MT_GO_STATES];
    /* where those that are alive at the end are blocked: the commonest */
    uint32_t wait_reason, wait_function, wait_file, wait_line;
    uint64_t wait_count;
    int64_t longest_wait_ns;
    struct mt_trace_course course; /* all NULL: none was created or ended */
};

/* Blocked time by reason and by the frame that blocks (first that is not runtime or sync). */
struct mt_trace_block {
    uint32_t reason, function;
    uint64_t count;
    int64_t total_ns, longest_ns;
    uint64_t open_at_end;
};

struct mt_trace_stop {
    uint32_t reason; /* inside the brackets of "stop-the-world (...)" */
    int64_t at_ns, duration_ns;
};

struct mt_trace_mark {
    int64_t at_ns, duration_ns;
    bool open_at_end;
};

struct mt_trace_region {
    uint32_t name;
    uint64_t count, open_at_end;
    int64_t total_ns, longest_ns;
};

struct mt_trace_log {
    uint32_t category, message;
    int64_t at_ns;
};

/* Minimum mutator utilisation: over every window of that length at least this share ran user code.
 */
struct mt_trace_mmu {
    int64_t window_ns;
    double utilisation;
};

enum { MT_TRACE_BINS = 48 };

struct mt_trace {
    uint32_t go_version; /* of the format: "1.22" */
    int64_t start_ns;    /* wall time of the first event; MT_NO_TIME until anchored */
    int64_t duration_ns;
    bool unit_assumed; /* cut before the clock's unit is told: no length of time is evidence */
    struct mt_clock_state clock;
    uint64_t events, generations;
    uint64_t created, ended, existing_at_start, alive_at_end;
    int64_t state_ns[MT_GO_STATES];

    struct mt_trace_site *sites; /* by never_ended downwards, then created, then names */
    size_t n_sites;
    size_t n_bins; /* of the sites' courses, at most MT_TRACE_BINS */
    int64_t bin_ns;
    struct mt_trace_block *blocks; /* by total_ns downwards */
    size_t n_blocks;
    struct mt_trace_block *syscalls; /* reason 0 */
    size_t n_syscalls;
    struct mt_trace_mark *marks; /* concurrent mark phases */
    size_t n_marks;
    struct mt_trace_stop *stops;
    size_t n_stops;
    struct mt_trace_region *regions;
    size_t n_regions;
    struct mt_trace_log *logs; /* the first 1,000 */
    size_t n_logs;
    uint64_t logs_total;
    struct mt_trace_mmu *mmu;
    size_t n_mmu;
    int64_t assist_ns, sweep_ns; /* summed over goroutines and procs */
    /* latency from runnable to running, ns */
    int64_t sched_p50_ns, sched_p99_ns, sched_max_ns;
    double *proc_busy; /* share of the window each P ran a goroutine */
    size_t n_procs;
    uint64_t threads;
    uint64_t tasks_created, tasks_ended; /* the tasks themselves are the capture's requests */
    uint64_t cpu_samples;                /* as a profile of kind CPU in the capture */
    /* Heap live and goal, GOMAXPROCS, goroutines, runnable: a table of the capture, source
     * "gotrace" */
};

#endif
