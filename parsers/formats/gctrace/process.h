/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which process wrote a line. Nothing in the lines says so, but the cycle number and the time since
 * the start of one process only grow, and two processes that write into one log see the same time
 * pass: a process that others outlived by a minute cannot go on where it stopped a minute ago.
 * Where that leaves a choice, the number of Ps, the next number and a goal near the last one
 * decide. A leap of the number may be both and is decided at the end (join.h).
 */
#ifndef MT_FORMATS_GCTRACE_PROCESS_H
#define MT_FORMATS_GCTRACE_PROCESS_H

#include "parsers/model/capture.h"

enum { MT_GCTRACE_PROCESSES = 4096, MT_GCTRACE_RECENT = 16 };
/* More numbers left out at once than this may be another process; of the first so many leaps. */
enum { MT_GCTRACE_LEAP = 8, MT_GCTRACE_LEAPS = 256 };

struct mt_gctrace_process {
    bool has_cycles;
    uint64_t number;     /* of the last cycle */
    uint64_t goal_bytes; /* likewise, MT_NO_BYTES none */
    uint64_t procs;
    uint32_t origin;    /* string id of the pod or container that wrote it; 0 not said */
    int64_t printed_ns; /* process clock when its last line was written; MT_NO_TIME: none has one */
    int64_t cycle_ns;   /* start of the last cycle, likewise */
    int64_t sched_ns;   /* of the last SCHED line, likewise */
    int64_t base_ns;    /* its start on the log's clock, at the earliest */
    int64_t
        next_seen_ns; /* log's clock when another wrote after it; while it is the last: its own */
    size_t gc_log, sched_table, scav_table; /* index + 1 in the capture, 0 none yet */
    uint64_t first_line, last_line;         /* of its own, counted over all */
    size_t follows; /* index + 1 of the process that it may be, after a leap of the number */
    bool joined;    /* it was (join.h) */

    /* bounds of its start on the one clock; MT_NO_TIME none */
    int64_t start_least_ns, start_most_ns, start_hint_ns;
    bool awaits_most;      /* no dated line since its last */
    size_t stamped;        /* cycles whose own line has a time (kept in time_ns until the end) */
    int64_t resolution_ns; /* finest of those */
    bool zone_unknown;
};

struct mt_gctrace_processes {
    struct mt_gctrace_process *items;
    size_t count, capacity;
    uint32_t recent[MT_GCTRACE_RECENT]; /* latest first */
    size_t n_recent;
    uint64_t lines;
    size_t leaps;
    int64_t now_ns; /* log's clock: at least this much passed since the first line */
};

struct mt_gctrace_sign {
    uint64_t number;    /* of a cycle; 0: not a cycle's line */
    int64_t printed_ns; /* process clock when written; MT_NO_TIME: the form has none */
    int64_t at_ns;      /* what the line says: the cycle's start, or SCHED's time */
    uint64_t procs;
    uint64_t goal_bytes; /* MT_NO_BYTES: none */
    uint32_t origin;
};

/* The process the line belongs to, a new one where none fits; NULL when there are too many. The
 * pointer holds until the next call. */
struct mt_gctrace_process *mt_gctrace_process_of(struct mt_arena *arena,
                                                 struct mt_gctrace_processes *all,
                                                 const struct mt_gctrace_sign *sign);
/* The process that wrote last, or NULL. */
struct mt_gctrace_process *mt_gctrace_process_latest(struct mt_gctrace_processes *all);

#endif
