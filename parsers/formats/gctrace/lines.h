/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line each of what the Go runtime writes to standard error under GODEBUG. Everything is taken
 * off the front of a span; a function that returns false left *s at the byte it could not read.
 */
#ifndef MT_FORMATS_GCTRACE_LINES_H
#define MT_FORMATS_GCTRACE_LINES_H

#include "parsers/base/span.h"
#include "parsers/model/gc.h"

/* Where the next record of a collection ("gc 7 @" or, before Go 1.5, "gc7(") begins at or after
 * `from`; MT_NPOS when the line holds none. */
size_t mt_gctrace_find(struct mt_span line, size_t from);

/* gctrace=1, Go 1.0 to 1.27. Sizes are whole MiB, cut. Before Go 1.5 there is no time since the
 * start, and all phases but the last sweep stop the world. */
bool mt_gctrace_take_cycle(struct mt_span *s, struct mt_gc_cycle *cycle);

/* schedtrace: "SCHED 2010ms: gomaxprocs=2 idleprocs=1 threads=5 ... runqueue=0 [0 0]". */
struct mt_gctrace_sched {
    int64_t since_start_ns;
    uint64_t procs, threads;
    uint64_t runnable; /* the global queue and, where they are listed, those of the Ps */
};
bool mt_gctrace_take_sched(struct mt_span *s, struct mt_gctrace_sched *sched);

/* scavtrace ("scav ... 1984 KiB now, 64% util") and, up to Go 1.12, gctrace's own "scvg: inuse: ...
 * (MB)". MT_NO_BYTES where the form does not say. */
struct mt_gctrace_scav {
    uint64_t released_bytes, inuse_bytes, idle_bytes, sys_bytes;
};
bool mt_gctrace_take_scav(struct mt_span *s, struct mt_gctrace_scav *scav);

/* gcpacertrace, the line at the end of a cycle's mark: what the cycle's own line then says in whole
 * MiB, in bytes. "pacer: 25% CPU ... in 4005888 B -> 4259840 B (∆goal 65536, ...". */
struct mt_gctrace_pacer {
    uint64_t start_bytes, end_bytes, goal_bytes;
};
bool mt_gctrace_take_pacer(struct mt_span *s, struct mt_gctrace_pacer *pacer);

#endif
