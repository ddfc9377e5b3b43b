/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One event of an execution trace, the same for all versions of the format: who (goroutine, proc,
 * thread: the context before the event), when, and what. Both readers, gotrace/v2.c (Go 1.22 and
 * later) and gotrace/v1.c (Go 1.5 to 1.21), produce a stream of these; consumers (consumer.h) turn
 * the stream into the model.
 *
 * The stream has an order and guarantees that hold for good and for damaged traces alike:
 * - The first event is a sync at time 0; a complete trace ends with a sync. In between there is one
 *   at the start of each generation (version 1 is a single generation).
 * - Times are ns since the first event and strictly increase in version 2; in version 1 they do not
 *   decrease.
 * - A goroutine or proc is first the subject of a transition out of MT_GO_NOT_EXIST or
 *   MT_GO_UNDETERMINED (it was there before the trace). A later generation reports each one again:
 *   a transition from a state to the same state, which changes nothing.
 */
#ifndef MT_GOTRACE_EVENT_H
#define MT_GOTRACE_EVENT_H

#include "parsers/base/span.h"
#include "parsers/model/trace.h"

enum mt_event_kind {
    MT_EV_SYNC,
    MT_EV_METRIC,
    MT_EV_LABEL,
    MT_EV_STACK_SAMPLE,
    MT_EV_RANGE_BEGIN,
    MT_EV_RANGE_ACTIVE, /* was under way when the trace or generation began */
    MT_EV_RANGE_END,
    MT_EV_TASK_BEGIN,
    MT_EV_TASK_END,
    MT_EV_REGION_BEGIN,
    MT_EV_REGION_END,
    MT_EV_LOG,
    MT_EV_TRANSITION,
    MT_EV_EXPERIMENTAL,
    MT_EV_KINDS
};

/* What an event is about: a transition's or a label's resource, a range's scope. */
enum mt_event_subject { MT_ABOUT_NONE, MT_ABOUT_GOROUTINE, MT_ABOUT_PROC };

/* States of a goroutine in `from` and `to`: enum mt_go_state of the model, and these. */
enum { MT_GO_NOT_EXIST = MT_GO_STATES, MT_GO_UNDETERMINED };

enum mt_proc_state { MT_PROC_RUNNING, MT_PROC_IDLE, MT_PROC_NOT_EXIST, MT_PROC_UNDETERMINED };

/* `what` of the range events. The name of a stop is the event's `name` within "stop-the-world ()".
 */
enum mt_event_range { MT_RANGE_MARK, MT_RANGE_SWEEP, MT_RANGE_ASSIST, MT_RANGE_STOP, MT_RANGES };

/* `what` of a metric event. */
enum mt_event_metric { MT_METRIC_PROCS, MT_METRIC_HEAP_LIVE, MT_METRIC_HEAP_GOAL, MT_METRICS_N };

/* "GC concurrent mark phase", ...; "stop-the-world" for stops, whose reason is to be added. */
const char *mt_event_range_name(enum mt_event_range range);
/* "/sched/gomaxprocs:threads", ... */
const char *mt_event_metric_name(enum mt_event_metric metric);
/* "StateTransition", ... */
const char *mt_event_kind_name(enum mt_event_kind kind);

#define MT_NO_ID   (-1)       /* no goroutine, proc or thread */
#define MT_NO_SLOT UINT32_MAX /* see mt_event.slot */
#define MT_NO_TASK UINT64_MAX /* a task without a parent */

/* The detail of a sync. */
struct mt_event_sync {
    uint64_t number;                 /* counts from 1 */
    bool has_clock;                  /* a snapshot of three clocks at one moment (1.25 and later) */
    int64_t clock_ns;                /* on the trace's clock: ns since the first event */
    uint64_t monotonic_ns;           /* of the host */
    int64_t wall_s;                  /* Unix time */
    int64_t wall_ns;                 /* 0 to 999,999,999 */
    uint64_t exp_batches, exp_bytes; /* of the experiment "AllocFree", skipped; 0: none */
};

/* The detail of an experimental event: raw numbers. */
struct mt_event_experimental {
    const struct mt_experiment *kind;
    uint64_t number[3];
};
struct mt_experiment {
    const char *experiment; /* "AllocFree" */
    const char *name;       /* "SpanAlloc" */
    size_t n_numbers;
    const char *number_name[3];
};

/* Who acts, before the event; MT_NO_ID and MT_NO_SLOT where there is none. The ids are the trace's
 * own: a goroutine's may come again after it ended, and a damaged file may hold any. */
struct mt_event_context {
    int64_t goroutine, proc, thread;
    uint32_t goroutine_slot, proc_slot; /* see mt_event.slot */
};

struct mt_event {
    int64_t time_ns; /* since the first event */

    union {
        struct { /* the members of the context */
            int64_t goroutine, proc, thread;
            uint32_t goroutine_slot, proc_slot;
        };
        struct mt_event_context context;
    };

    union {
        int64_t subject; /* id of the goroutine or proc it is about; `scope` says which */
        uint64_t task;   /* task, region, log: the task's id; 0: background */
    };
    union {
        uint64_t value; /* metric: its value; sweep's end: bytes swept; task: parent */
        const struct mt_event_sync *sync;
        const struct mt_event_experimental *experimental;
        const struct mt_span *message; /* log */
    };
    union {
        struct {
            /* String id of the capture. Transition: reason; metric and range: 0 but for a stop's
             * reason; label; task's or region's type; log's category. */
            uint32_t name;
            /* Transition out of UNDETERMINED: where the goroutine began, if the file tells (version
             * 1). Not a stack of the event. */
            uint32_t start_stack;
        };
        uint64_t reclaimed_bytes; /* sweep's end, which has no name */
    };
    /* Stack ids (consumer.h), 0 for none: of the one who acts, and of the goroutine that makes the
     * transition (a created one: where it starts). */
    uint32_t stack, target_stack;

    /* Small indexes that stand for the goroutine or proc as long as it lives, so that a consumer
     * finds what it knows of it in an array. A slot begins with a transition from NOT_EXIST or
     * UNDETERMINED and is used again after the transition to NOT_EXIST. MT_NO_SLOT: there is none
     * (a context that no transition announced). Goroutines and procs count separately. */
    uint32_t slot; /* of the subject */

    uint8_t kind;  /* enum mt_event_kind */
    uint8_t scope; /* enum mt_event_subject */
    union {
        uint8_t from; /* transition: old state */
        uint8_t what; /* range, metric: which */
    };
    uint8_t to; /* transition: new state */
};

_Static_assert(sizeof(struct mt_event) == 80, "events are copied by the million");

/* Clocks of damaged traces jump by centuries. A difference wraps, as it does in Go; a sum, over
 * many goroutines, stays at the largest there is. */
static inline int64_t mt_ns_since(int64_t now_ns, int64_t since_ns)
{
    return (int64_t)((uint64_t)now_ns - (uint64_t)since_ns);
}

static inline int64_t mt_ns_sum(int64_t a_ns, int64_t b_ns)
{
    if (a_ns > 0 && b_ns > INT64_MAX - a_ns)
        return INT64_MAX;
    return a_ns < 0 && b_ns < INT64_MIN - a_ns ? INT64_MIN : a_ns + b_ns;
}

#endif
