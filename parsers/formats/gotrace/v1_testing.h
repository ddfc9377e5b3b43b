/* SPDX-License-Identifier: Apache-2.0 */
/* For tests only: traces of version 1 written record by record. Include the cmocka headers first.
 */
#ifndef MT_GOTRACE_V1_TESTING_H
#define MT_GOTRACE_V1_TESTING_H

#include "parsers/formats/gotrace/v1_record.h"

#include <string.h>

static struct {
    unsigned version;
    unsigned char bytes[1 << 14];
    size_t size;
    uint64_t seq, last_seq; /* 1.5: of the batch, and of its last event */
    uint64_t ticks;         /* of the last event */
} made;

static inline void begin(unsigned version)
{
    made.version = version;
    made.size = 0;
    made.seq = made.last_seq = 100;
}

static inline void byte(unsigned value)
{
    assert_true(made.size < sizeof made.bytes);
    made.bytes[made.size++] = (unsigned char)value;
}

static inline void number(uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        byte((unsigned)(value & 0x7f) | 0x80);
    byte((unsigned)value);
}

static inline size_t width(uint64_t value)
{
    size_t n = 1;
    for (; value >= 0x80; value >>= 7)
        n++;
    return n;
}

/* The record as it stands, no argument added. */
static inline void record(unsigned type, size_t n, const uint64_t *args)
{
    size_t fewest = made.version < 7 ? 2 : 1;
    if (n >= fewest && n < fewest + 3) {
        byte(type | (unsigned)(n - fewest) << 6);
    } else {
        size_t bytes = 0;
        for (size_t i = 0; i < n; i++)
            bytes += width(args[i]);
        byte(type | 3u << 6);
        number(bytes);
    }
    for (size_t i = 0; i < n; i++)
        number(args[i]);
}

#define LIST(...)                                                                                  \
    (const uint64_t[])                                                                             \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define COUNT(...)        (sizeof LIST(__VA_ARGS__) / sizeof(uint64_t))
#define RECORD(type, ...) record(MT_V1_##type, COUNT(__VA_ARGS__), LIST(__VA_ARGS__))

/* An event: time since the one before, then its own arguments. In 1.5 the sequence number, which
 * counts over all, goes in front; `skip` numbers are left to events of other Ps. */
static inline void event(unsigned type, uint64_t skip, size_t n, const uint64_t *args)
{
    uint64_t all[8] = {1 + skip};
    size_t lead = made.version < 7 ? 1 : 0;
    memcpy(all + lead, args, n * sizeof *args);
    made.last_seq += 1 + skip;
    made.ticks += args[0];
    record(type, n + lead, all);
}
#define EVENT(type, ...) event(MT_V1_##type, 0, COUNT(__VA_ARGS__), LIST(__VA_ARGS__))

static inline void batch(uint64_t proc, uint64_t ticks)
{
    made.last_seq = made.seq;
    made.ticks = ticks;
    if (made.version < 7)
        RECORD(BATCH, proc, made.seq, ticks);
    else
        RECORD(BATCH, proc, ticks);
}

static inline void string(uint64_t id, const char *text)
{
    byte(MT_V1_STRING);
    number(id);
    number(strlen(text));
    for (; *text; text++)
        byte((unsigned char)*text);
}

/* A stack of one frame. */
static inline void stack(uint64_t id, uint64_t pc, uint64_t function)
{
    if (made.version < 7)
        RECORD(STACK, id, 1, pc);
    else
        RECORD(STACK, id, 1, pc, function, function, 7);
}

static inline void frequency(uint64_t ticks_per_second)
{
    if (made.version < 7)
        RECORD(FREQUENCY, ticks_per_second, 0);
    else
        RECORD(FREQUENCY, ticks_per_second);
}

/* Goroutine 1 runs on P 0, goroutine 2 waits; then GOMAXPROCS. A tick is a nanosecond. */
static inline void opening(void)
{
    batch(0, 1000);
    EVENT(GO_CREATE, 1, 1, 1, 0);
    EVENT(GO_CREATE, 1, 2, 2, 0);
    EVENT(GO_WAITING, 1, 2);
    EVENT(PROC_START, 1, 7);
    if (made.version < 7)
        EVENT(GO_START, 1, 1);
    else
        EVENT(GO_START, 1, 1, 1);
    EVENT(GOMAXPROCS, 1, 4, 0);
}

static inline void beginning(unsigned version)
{
    begin(version);
    opening();
}

static inline void ending(void)
{
    if (made.version >= 7) {
        string(1, "main.main");
        string(2, "main.work");
    }
    stack(1, 0x1000, 1);
    stack(2, 0x2000, 2);
    frequency(1000000000);
}

/* After the beginning: goroutine 2 is woken and blocks again, as another was faster. */
static inline void futile(unsigned version)
{
    beginning(version);
    EVENT(GO_UNBLOCK, 1, 2, 2, 0);
    EVENT(GO_BLOCK, 1, 1);
    EVENT(GO_START, 1, 2, 3);
    EVENT(GO_PREEMPT, 1, 0);
    EVENT(GO_START_LOCAL, 1, 2);
    EVENT(FUTILE_WAKEUP, 1);
    EVENT(GO_BLOCK_RECV, 1, 0);
    EVENT(HEAP_ALLOC, 1, 1);
    ending();
}

#endif
