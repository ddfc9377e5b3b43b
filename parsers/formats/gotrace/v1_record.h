/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of version 1 traces (headers 1.5 to 1.21). A record is one byte, the type in its low six
 * bits and the number of arguments in the high two, then the arguments as LEB128:
 *
 *     1.7 and later: 0, 1, 2 mean 1, 2, 3 arguments; 3: their length in bytes comes first
 *     1.5:           0, 1, 2 mean 2, 3, 4 arguments; 3 likewise
 *
 * The first argument of most is the time since the record before it in the batch; 1.5 has a
 * sequence number in front of that. Which arguments a type has depends on the version.
 */
#ifndef MT_GOTRACE_V1_RECORD_H
#define MT_GOTRACE_V1_RECORD_H

#include "parsers/base/varint.h"

/* name, words, first version (minor), has a stack as its last argument, its own arguments (without
 * sequence, time and stack) in versions 1.10 and later */
#define MT_V1_TYPES(X)                                                                             \
    X(NONE, "none", 99, false, 0)                                                                  \
    X(BATCH, "batch", 5, false, 2)                                                                 \
    X(FREQUENCY, "frequency", 5, false, 1)                                                         \
    X(STACK, "stack", 5, false, 2)                                                                 \
    X(GOMAXPROCS, "GOMAXPROCS", 5, true, 1)                                                        \
    X(PROC_START, "P start", 5, false, 1)                                                          \
    X(PROC_STOP, "P stop", 5, false, 0)                                                            \
    X(GC_START, "GC start", 5, true, 1)                                                            \
    X(GC_DONE, "GC end", 5, false, 0)                                                              \
    X(STW_START, "stop-the-world start", 5, false, 1)                                              \
    X(STW_DONE, "stop-the-world end", 5, false, 0)                                                 \
    X(SWEEP_START, "sweep start", 5, true, 0)                                                      \
    X(SWEEP_DONE, "sweep end", 5, false, 2)                                                        \
    X(GO_CREATE, "goroutine creation", 5, true, 2)                                                 \
    X(GO_START, "goroutine start", 5, false, 2)                                                    \
    X(GO_END, "goroutine end", 5, false, 0)                                                        \
    X(GO_STOP, "goroutine stop", 5, true, 0)                                                       \
    X(GO_SCHED, "yield", 5, true, 0)                                                               \
    X(GO_PREEMPT, "preemption", 5, true, 0)                                                        \
    X(GO_SLEEP, "sleep", 5, true, 0)                                                               \
    X(GO_BLOCK, "block", 5, true, 0)                                                               \
    X(GO_UNBLOCK, "unblock", 5, true, 2)                                                           \
    X(GO_BLOCK_SEND, "block on send", 5, true, 0)                                                  \
    X(GO_BLOCK_RECV, "block on receive", 5, true, 0)                                               \
    X(GO_BLOCK_SELECT, "block on select", 5, true, 0)                                              \
    X(GO_BLOCK_SYNC, "block on lock", 5, true, 0)                                                  \
    X(GO_BLOCK_COND, "block on condition", 5, true, 0)                                             \
    X(GO_BLOCK_NET, "block on network", 5, true, 0)                                                \
    X(GO_SYSCALL, "syscall", 5, true, 0)                                                           \
    X(GO_SYS_EXIT, "syscall exit", 5, false, 3)                                                    \
    X(GO_SYS_BLOCK, "syscall block", 5, false, 0)                                                  \
    X(GO_WAITING, "waiting status", 5, false, 1)                                                   \
    X(GO_IN_SYSCALL, "syscall status", 5, false, 1)                                                \
    X(HEAP_ALLOC, "heap size", 5, false, 1)                                                        \
    X(HEAP_GOAL, "heap goal", 5, false, 1)                                                         \
    X(TIMER_GOROUTINE, "timer goroutine", 5, false, 1)                                             \
    X(FUTILE_WAKEUP, "futile wakeup", 5, false, 0)                                                 \
    X(STRING, "string", 7, false, 0)                                                               \
    X(GO_START_LOCAL, "local goroutine start", 7, false, 1)                                        \
    X(GO_UNBLOCK_LOCAL, "local unblock", 7, true, 1)                                               \
    X(GO_SYS_EXIT_LOCAL, "local syscall exit", 7, false, 2)                                        \
    X(GO_START_LABEL, "goroutine start with label", 8, false, 3)                                   \
    X(GO_BLOCK_GC, "block on GC assist", 8, true, 0)                                               \
    X(ASSIST_START, "mark assist start", 9, true, 0)                                               \
    X(ASSIST_DONE, "mark assist end", 9, false, 0)                                                 \
    X(TASK_CREATE, "task creation", 11, true, 3)                                                   \
    X(TASK_END, "task end", 11, true, 1)                                                           \
    X(REGION, "region", 11, true, 3)                                                               \
    X(LOG, "log", 11, true, 2)                                                                     \
    X(CPU_SAMPLE, "CPU sample", 19, true, 3)

enum mt_v1_type {
#define MT_V1_TYPE_ENUM(name, words, since, stack, args) MT_V1_##name,
    MT_V1_TYPES(MT_V1_TYPE_ENUM)
#undef MT_V1_TYPE_ENUM
        MT_V1_TYPE_COUNT
};

enum { MT_V1_ARGS = 6, MT_V1_UNKNOWN = 0xff };

/* A type's arguments in one version. */
struct mt_v1_shape {
    uint8_t n_args;   /* all of them; MT_V1_UNKNOWN: no such type */
    uint8_t n_inline; /* the same for events with so few that no length is stated; else 0 */
    uint8_t own;      /* without sequence, time and stack */
    bool has_stack, is_event;
};

struct mt_v1_format {
    unsigned version;           /* minor: 5, 7, 8, 9, 10, 11, 19, 21 */
    uint64_t record_bytes_most; /* of the arguments of a record that states their length */
    unsigned inline_more;       /* arguments of a record whose count is 0 */
    unsigned lead;              /* arguments in front of a type's own: 1 time; 2 sequence, time */
    struct mt_v1_shape shape[64];
};

void mt_v1_format_init(struct mt_v1_format *f, unsigned version);
const char *mt_v1_type_words(unsigned type);

enum mt_v1_fault {
    MT_V1_FINE,
    MT_V1_CUT,        /* the input ends inside the record */
    MT_V1_NUMBER,     /* a number does not fit in 64 bit */
    MT_V1_TYPE,       /* the version has no such type */
    MT_V1_COUNT,      /* wrong number of arguments */
    MT_V1_LONG,       /* the stated length is more than any record needs */
    MT_V1_NAME_ZERO,  /* string without a name */
    MT_V1_NAME_EMPTY, /* string of length 0 */
    MT_V1_NAME_LONG   /* more than 1,000,000 bytes */
};
const char *mt_v1_fault_words(enum mt_v1_fault fault);

struct mt_v1_record {
    unsigned type;
    unsigned n_args;
    uint64_t args[MT_V1_ARGS]; /* string: its id; stack: id and number of frames */
    struct mt_span body; /* string: the text; log: the message; stack: numbers of the frames */
};

/* Takes the record that begins at `at`, which is before `end`. Returns where the next begins, or
 * NULL with *fault set. */
const unsigned char *mt_v1_record_take(const unsigned char *at, const unsigned char *end,
                                       const struct mt_v1_format *f, struct mt_v1_record *r,
                                       enum mt_v1_fault *fault);

/* More bytes than a record has that does not state its length and is no string. */
enum { MT_V1_INLINE_MOST = 1 + 4 * MT_VARINT_MOST };

#endif
