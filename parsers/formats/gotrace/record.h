/* SPDX-License-Identifier: Apache-2.0 */
/* Version 2 on the wire: the types of records and how many numbers follow the time of each. */
#ifndef MT_GOTRACE_RECORD_H
#define MT_GOTRACE_RECORD_H

#include "parsers/base/varint.h"

/* number, name, arguments behind the time difference */
#define MT_REC_EVENTS(X)                                                                           \
    X(9, PROCS_CHANGE, "ProcsChange", 2)                                                           \
    X(10, PROC_START, "ProcStart", 2)                                                              \
    X(11, PROC_STOP, "ProcStop", 0)                                                                \
    X(12, PROC_STEAL, "ProcSteal", 3)                                                              \
    X(13, PROC_STATUS, "ProcStatus", 2)                                                            \
    X(14, GO_CREATE, "GoCreate", 3)                                                                \
    X(15, GO_CREATE_SYSCALL, "GoCreateSyscall", 1)                                                 \
    X(16, GO_START, "GoStart", 2)                                                                  \
    X(17, GO_DESTROY, "GoDestroy", 0)                                                              \
    X(18, GO_DESTROY_SYSCALL, "GoDestroySyscall", 0)                                               \
    X(19, GO_STOP, "GoStop", 2)                                                                    \
    X(20, GO_BLOCK, "GoBlock", 2)                                                                  \
    X(21, GO_UNBLOCK, "GoUnblock", 3)                                                              \
    X(22, GO_SYSCALL_BEGIN, "GoSyscallBegin", 2)                                                   \
    X(23, GO_SYSCALL_END, "GoSyscallEnd", 0)                                                       \
    X(24, GO_SYSCALL_END_BLOCKED, "GoSyscallEndBlocked", 0)                                        \
    X(25, GO_STATUS, "GoStatus", 3)                                                                \
    X(26, STW_BEGIN, "STWBegin", 2)                                                                \
    X(27, STW_END, "STWEnd", 0)                                                                    \
    X(28, GC_ACTIVE, "GCActive", 1)                                                                \
    X(29, GC_BEGIN, "GCBegin", 2)                                                                  \
    X(30, GC_END, "GCEnd", 1)                                                                      \
    X(31, GC_SWEEP_ACTIVE, "GCSweepActive", 1)                                                     \
    X(32, GC_SWEEP_BEGIN, "GCSweepBegin", 1)                                                       \
    X(33, GC_SWEEP_END, "GCSweepEnd", 2)                                                           \
    X(34, GC_ASSIST_ACTIVE, "GCMarkAssistActive", 1)                                               \
    X(35, GC_ASSIST_BEGIN, "GCMarkAssistBegin", 1)                                                 \
    X(36, GC_ASSIST_END, "GCMarkAssistEnd", 0)                                                     \
    X(37, HEAP_ALLOC, "HeapAlloc", 1)                                                              \
    X(38, HEAP_GOAL, "HeapGoal", 1)                                                                \
    X(39, GO_LABEL, "GoLabel", 1)                                                                  \
    X(40, TASK_BEGIN, "UserTaskBegin", 4)                                                          \
    X(41, TASK_END, "UserTaskEnd", 2)                                                              \
    X(42, REGION_BEGIN, "UserRegionBegin", 3)                                                      \
    X(43, REGION_END, "UserRegionEnd", 3)                                                          \
    X(44, LOG, "UserLog", 4)                                                                       \
    X(45, GO_SWITCH, "GoSwitch", 2)                                                                \
    X(46, GO_SWITCH_DESTROY, "GoSwitchDestroy", 2)                                                 \
    X(47, GO_CREATE_BLOCKED, "GoCreateBlocked", 3)                                                 \
    X(48, GO_STATUS_STACK, "GoStatusStack", 4)                                                     \
    X(51, CLOCK_SNAPSHOT, "ClockSnapshot", 3)                                                      \
    X(128, SPAN, "Span", 3)                                                                        \
    X(129, SPAN_ALLOC, "SpanAlloc", 3)                                                             \
    X(130, SPAN_FREE, "SpanFree", 1)                                                               \
    X(131, HEAP_OBJECT, "HeapObject", 2)                                                           \
    X(132, HEAP_OBJECT_ALLOC, "HeapObjectAlloc", 2)                                                \
    X(133, HEAP_OBJECT_FREE, "HeapObjectFree", 1)                                                  \
    X(134, GOROUTINE_STACK, "GoroutineStack", 2)                                                   \
    X(135, GOROUTINE_STACK_ALLOC, "GoroutineStackAlloc", 2)                                        \
    X(136, GOROUTINE_STACK_FREE, "GoroutineStackFree", 1)

enum mt_record_type {
    /* the structure around the events */
    MT_REC_EVENT_BATCH = 1,
    MT_REC_STACKS = 2,
    MT_REC_STACK = 3,
    MT_REC_STRINGS = 4,
    MT_REC_STRING = 5,
    MT_REC_CPU_SAMPLES = 6,
    MT_REC_CPU_SAMPLE = 7,
    MT_REC_FREQUENCY = 8,
    MT_REC_EXPERIMENTAL_BATCH = 49,
    MT_REC_SYNC = 50,
    MT_REC_END_OF_GENERATION = 52,
#define MT_REC_ENUM(number, id, name, arguments) MT_REC_##id = number,
    MT_REC_EVENTS(MT_REC_ENUM)
#undef MT_REC_ENUM
};

enum { MT_REC_MOST_ARGUMENTS = 4 };

/* How many numbers follow the type of an event: its time difference and its arguments. 0: no event.
 */
extern const uint8_t mt_record_numbers[256];

/* "GoStart"; "unknown" for what is no event. */
const char *mt_record_name(uint8_t type);

/* What the format allows (runtime constants of the writer). */
enum { MT_REC_MOST_BATCH_BYTES = 64 << 10, MT_REC_MOST_FRAMES = 128, MT_REC_MOST_STRING = 1024 };

#endif
