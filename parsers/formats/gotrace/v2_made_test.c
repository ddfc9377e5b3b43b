/* SPDX-License-Identifier: Apache-2.0 */
/*
 * testdata/gotrace/made-go1.N.trace of the headers 1.22 to 1.26 are what this program writes: two
 * generations of a small program that leaves two goroutines behind, told with every record that
 * the version has. Those of 1.25 and 1.26 begin in the middle, as flight recorders do. MADE=write
 * writes them anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/gotrace/v2_testing.h"

#include <stdio.h>
#include <stdlib.h>

enum { GENERATION_NS = 1000000, AT_NS = 1000000000 };
enum { MAIN = 1, WORK, LEAK, READ, SEND };
enum {
    STR_MAIN = 1,
    STR_WORK,
    STR_LEAK,
    STR_READ,
    STR_SEND,
    STR_GO,
    STR_FILE,
    STR_CHAN_SEND,
    STR_CHAN_RECEIVE,
    STR_SELECT,
    STR_SLEEP,
    STR_NETWORK,
    STR_SWEEP_TERM,
    STR_MARK_TERM,
    STR_WORKER,
    STR_ORDER,
    STR_CHARGE,
    STR_THREE
};

static void stack(uint64_t id, size_t n, const uint64_t *functions)
{
    RECORD(MT_REC_STACK, id, n);
    for (size_t i = 0; i < n; i++)
        RECORD(0x400000 + 0x100 * functions[i], functions[i], STR_FILE, 10 * functions[i]);
}

static void all_tables(uint64_t generation, uint64_t time)
{
    static const char *const strings[] = {"main.main",
                                          "main.work",
                                          "main.leak.func1",
                                          "syscall.Read",
                                          "runtime.chansend1",
                                          "main.leak",
                                          "/src/shop/main.go",
                                          "chan send",
                                          "chan receive",
                                          "select",
                                          "sleep",
                                          "network",
                                          "GC sweep termination",
                                          "GC mark termination",
                                          "GC (dedicated)",
                                          "order",
                                          "charge",
                                          "three"};
    RECORD(MT_REC_STRINGS);
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        string(i + 1, strings[i]);
    batch(generation, NO_THREAD, time);
    RECORD(MT_REC_STACKS);
    stack(MAIN, 2, (uint64_t[]){STR_GO, STR_MAIN});
    stack(WORK, 1, (uint64_t[]){STR_WORK});
    stack(LEAK, 1, (uint64_t[]){STR_LEAK});
    stack(READ, 2, (uint64_t[]){STR_READ, STR_WORK});
    stack(SEND, 2, (uint64_t[]){STR_SEND, STR_LEAK});
    batch(generation, NO_THREAD, time);
    RECORD(MT_REC_CPU_SAMPLES, MT_REC_CPU_SAMPLE, time + 30500, 5, 0, 1, WORK);
    batch(generation, NO_THREAD, time);
    if (made.go_minor >= 25)
        RECORD(MT_REC_SYNC, MT_REC_FREQUENCY, 1000000000, MT_REC_CLOCK_SNAPSHOT, 7,
               55000000000 + time, 1700000000 + time / 1000000000, time % 1000000000);
    else
        RECORD(MT_REC_FREQUENCY, 1000000000);
    batch(generation, NO_THREAD, time);
    end_of_generation();
}

/* Memory of the experiment "AllocFree", which readers may skip. */
static void experimental(uint64_t generation, uint64_t time)
{
    uint64_t head[] = {MT_REC_EXPERIMENTAL_BATCH, 1, generation, 5, time, 3};
    numbers_to(&made.file, head, 6);
    mt_text_bytes(&made.file, "\1\2\3", 3);
}

static void annotations(void)
{
    RECORD(MT_REC_TASK_BEGIN, 100, 7, 0, STR_ORDER, MAIN);
    RECORD(MT_REC_REGION_BEGIN, 50, 7, STR_CHARGE, MAIN);
    RECORD(MT_REC_LOG, 10, 7, STR_CHARGE, STR_THREE, MAIN);
}

static void collection(void)
{
    RECORD(MT_REC_STW_BEGIN, 500, STR_SWEEP_TERM, MAIN);
    RECORD(MT_REC_GC_BEGIN, 20, 1, MAIN);
    RECORD(MT_REC_STW_END, 30);
    RECORD(MT_REC_GC_ASSIST_BEGIN, 100, MAIN);
    RECORD(MT_REC_GC_ASSIST_END, 400);
    RECORD(MT_REC_GO_UNBLOCK, 100, 2, 1, MAIN);
    RECORD(MT_REC_GO_STOP, 10, STR_SLEEP, MAIN);
    RECORD(MT_REC_GO_START, 20, 2, 2);
    RECORD(MT_REC_GO_LABEL, 1, STR_WORKER);
    RECORD(MT_REC_GO_BLOCK, 5000, STR_SELECT, WORK);
    RECORD(MT_REC_GO_START, 30, 1, 3);
    RECORD(MT_REC_STW_BEGIN, 40, STR_MARK_TERM, MAIN);
    RECORD(MT_REC_GC_END, 60, 2);
    RECORD(MT_REC_STW_END, 10);
    RECORD(MT_REC_HEAP_GOAL, 5, 32768);
    RECORD(MT_REC_GC_SWEEP_BEGIN, 700, MAIN);
    RECORD(MT_REC_GC_SWEEP_END, 300, 16384, 8192);
}

/* Goroutine 7 is an iterator: created blocked, switched to, and it switches back. */
static void coroutine(void)
{
    RECORD(MT_REC_GO_CREATE_BLOCKED, 100, 7, WORK, MAIN);
    RECORD(MT_REC_GO_SWITCH, 50, 7, 1);
    RECORD(MT_REC_GO_SWITCH, 50, 1, 4);
    RECORD(MT_REC_GO_SWITCH, 50, 7, 2);
    RECORD(MT_REC_GO_SWITCH_DESTROY, 50, 1, 5);
}

/* Thread 5 has P 0, thread 6 P 1 and takes P 0 while goroutine 4 is in its syscall. */
static void first_generation(uint64_t generation)
{
    uint64_t time = AT_NS;
    RECORD(MT_REC_PROC_STATUS, 0, 0, 1);
    RECORD(MT_REC_GO_STATUS, 1, 1, 5, 2);
    RECORD(MT_REC_GO_STATUS, 1, 2, UINT64_MAX, 4);
    RECORD(MT_REC_PROCS_CHANGE, 1, 2, 0);
    RECORD(MT_REC_HEAP_ALLOC, 200, 4096);
    RECORD(MT_REC_HEAP_GOAL, 1, 65536);
    RECORD(MT_REC_GO_CREATE, 1000, 3, LEAK, MAIN);
    RECORD(MT_REC_GO_CREATE, 100, 4, LEAK, MAIN);
    RECORD(MT_REC_GO_CREATE, 100, 5, WORK, MAIN);
    RECORD(MT_REC_GO_BLOCK, 500, STR_CHAN_RECEIVE, MAIN);
    RECORD(MT_REC_GO_START, 300, 3, 1);
    RECORD(MT_REC_GO_BLOCK, 700, STR_CHAN_SEND, SEND);
    RECORD(MT_REC_GO_START, 300, 4, 1);
    RECORD(MT_REC_GO_SYSCALL_BEGIN, 100, 1, READ);
    RECORD(MT_REC_GO_SYSCALL_END_BLOCKED, 20000);
    batch(generation, 5, time);
    RECORD(MT_REC_PROC_START, 2000, 1, 1);
    RECORD(MT_REC_GO_START, 100, 4, 2);
    RECORD(MT_REC_GO_BLOCK, 200, STR_CHAN_SEND, SEND);
    RECORD(MT_REC_GO_START, 100, 1, 2);
    annotations();
    collection();
    if (made.go_minor >= 23)
        coroutine();
    batch(generation, 5, time + 23400);
    RECORD(MT_REC_PROC_STATUS, 0, 1, 1);
    RECORD(MT_REC_PROC_STEAL, 13000, 0, 2, 5);
    RECORD(MT_REC_PROC_STOP, 100);
    RECORD(MT_REC_PROC_START, 100, 0, 3);
    RECORD(MT_REC_GO_START, 100, 5, 1);
    RECORD(MT_REC_GO_SYSCALL_BEGIN, 100, 4, READ);
    RECORD(MT_REC_GO_SYSCALL_END, 200);
    RECORD(MT_REC_GO_UNBLOCK, 100, 1, 1, WORK);
    RECORD(MT_REC_GO_DESTROY, 100);
    RECORD(MT_REC_PROC_STOP, 10);
    batch(generation, 6, time);
    if (made.go_minor >= 23)
        experimental(generation, time);
    all_tables(generation, time);
}

static void second_generation(uint64_t generation)
{
    uint64_t time = AT_NS + GENERATION_NS;
    RECORD(MT_REC_PROC_STATUS, 0, 1, 1);
    RECORD(MT_REC_PROC_STATUS, 1, 0, 2);
    RECORD(MT_REC_GO_STATUS, 1, 1, 5, 2);
    RECORD(MT_REC_GO_STATUS, 1, 2, UINT64_MAX, 4);
    if (made.go_minor >= 23)
        RECORD(MT_REC_GO_STATUS_STACK, 1, 3, UINT64_MAX, 4, SEND);
    else
        RECORD(MT_REC_GO_STATUS, 1, 3, UINT64_MAX, 4);
    RECORD(MT_REC_GO_STATUS, 1, 4, UINT64_MAX, 4);
    RECORD(MT_REC_REGION_END, 900, 7, STR_CHARGE, MAIN);
    RECORD(MT_REC_TASK_END, 100, 7, MAIN);
    RECORD(MT_REC_GO_CREATE, 400, 6, WORK, MAIN);
    RECORD(MT_REC_GO_BLOCK, 50, STR_SLEEP, MAIN);
    RECORD(MT_REC_GO_START, 100, 6, 1);
    RECORD(MT_REC_GO_BLOCK, 2000, STR_NETWORK, READ);
    RECORD(MT_REC_PROC_STOP, 10);
    batch(generation, 5, time);
    all_tables(generation, time);
}

static void path_of(char path[64])
{
    snprintf(path, 64, "testdata/gotrace/made-go1.%u.trace", made.go_minor);
}

static void write_sample(const char *path)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(made.file.data, 1, made.file.size, f), made.file.size);
    assert_int_equal(fclose(f), 0);
}

static void the_samples_are_what_is_written_here(void **state)
{
    (void)state;
    static const unsigned minors[] = {22, 23, 25, 26};
    for (size_t i = 0; i < sizeof minors / sizeof *minors; i++) {
        char path[64];
        static char found[1 << 14];
        begin(minors[i]);
        uint64_t first = minors[i] < 25 ? 1 : 7;
        first_generation(first);
        second_generation(first + 1);
        path_of(path);
        if (getenv("MADE"))
            write_sample(path);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        assert_int_equal(fread(found, 1, sizeof found, f), made.file.size);
        assert_memory_equal(found, made.file.data, made.file.size);
        fclose(f);
    }
    mt_text_clear(&made.file);
    mt_text_clear(&made.batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_samples_are_what_is_written_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
