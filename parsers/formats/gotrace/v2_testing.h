/* SPDX-License-Identifier: Apache-2.0 */
/* For tests only: traces of version 2 written record by record. */
#ifndef MT_GOTRACE_V2_TESTING_H
#define MT_GOTRACE_V2_TESTING_H

#include "parsers/base/text.h"
#include "parsers/formats/gotrace/record.h"

#include <string.h>

#define NO_THREAD UINT64_MAX

static struct {
    unsigned go_minor;
    struct mt_text file, batch;
} made;

static inline void number_to(struct mt_text *t, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        mt_text_byte(t, (char)(value | 0x80));
    mt_text_byte(t, (char)value);
}

static inline void numbers_to(struct mt_text *t, const uint64_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        number_to(t, values[i]);
}

static inline void begin(unsigned go_minor)
{
    made.go_minor = go_minor;
    mt_text_clear(&made.file);
    mt_text_clear(&made.batch);
    mt_text_printf(&made.file, "go 1.%u trace", go_minor);
    mt_text_bytes(&made.file, "\0\0\0", 3);
}

/* What the batch holds so far goes to the file. */
static inline void batch(uint64_t generation, uint64_t thread, uint64_t time)
{
    uint64_t head[] = {MT_REC_EVENT_BATCH, generation, thread, time, made.batch.size};
    numbers_to(&made.file, head, 5);
    mt_text_span(&made.file, mt_text_view(&made.batch));
    made.batch.size = 0;
}

#define NUMBERS(...) ((uint64_t[]){__VA_ARGS__}), sizeof((uint64_t[]){__VA_ARGS__}) / 8
/* A record: its type, the time difference, arguments. */
#define RECORD(...) numbers_to(&made.batch, NUMBERS(__VA_ARGS__))

static inline void string(uint64_t id, const char *text)
{
    RECORD(MT_REC_STRING, id, strlen(text));
    mt_text_add(&made.batch, text);
}

/* Frequency and clock, so that a tick is a ns, strings 1 to 4, stack 1; the end where there is one.
 */
static inline void tables(uint64_t generation)
{
    if (made.go_minor >= 25) {
        RECORD(MT_REC_SYNC, MT_REC_FREQUENCY, 1000000000, MT_REC_CLOCK_SNAPSHOT, 7, 55, 1700000000,
               9);
        batch(generation, NO_THREAD, 1000);
    } else {
        RECORD(MT_REC_FREQUENCY, 1000000000);
        batch(generation, NO_THREAD, 1000);
    }
    RECORD(MT_REC_STRINGS);
    string(1, "main.work");
    string(2, "work.go");
    string(3, "select");
    string(4, "order");
    batch(generation, NO_THREAD, 1000);
    RECORD(MT_REC_STACKS, MT_REC_STACK, 1, 1, 0x1000, 1, 2, 42);
    batch(generation, NO_THREAD, 1000);
}

static inline void end_of_generation(void)
{
    if (made.go_minor >= 26)
        mt_text_byte(&made.file, MT_REC_END_OF_GENERATION);
}

/* Thread 5 runs goroutine 1 on proc 0, at 1000. */
static inline void runs(void)
{
    RECORD(MT_REC_PROC_STATUS, 0, 0, 1);
    RECORD(MT_REC_GO_STATUS, 1, 1, 5, 2);
}

#endif
