/* SPDX-License-Identifier: Apache-2.0 */
/*
 * testdata/gotrace/made-go1.N.trace, for the headers of which no capture of ours is at hand, are
 * what this program writes: a run of a small program that leaves two goroutines behind, told with
 * every record that the version has. MADE=write writes them anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/gotrace/v1_testing.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAIN = 1, WORK, LEAK, READ, SEND };
enum { STRING_LABEL = 9, STRING_TASK, STRING_REGION };

static uint64_t sequence[8]; /* by goroutine */

/* The rest goes to another P, 10 ns later. */
static void on(uint64_t proc)
{
    made.seq = made.last_seq;
    batch(proc, made.ticks + 10);
}

static uint64_t address_of(uint64_t function)
{
    return 0x400000 + 0x100 * function;
}

/* The stack it starts with is that of the same number as its function; 1.5 has the address. */
static void create(uint64_t dt, uint64_t goroutine, uint64_t start)
{
    sequence[goroutine] = 0;
    EVENT(GO_CREATE, dt, goroutine, made.version < 7 ? address_of(start) : start, MAIN);
}

static void start(uint64_t dt, uint64_t goroutine)
{
    if (made.version < 7)
        EVENT(GO_START, dt, goroutine);
    else
        EVENT(GO_START, dt, goroutine, ++sequence[goroutine]);
}

static void start_as_worker(uint64_t dt, uint64_t goroutine)
{
    if (made.version < 8)
        start(dt, goroutine);
    else
        EVENT(GO_START_LABEL, dt, goroutine, ++sequence[goroutine], STRING_LABEL);
}

static void unblock(uint64_t dt, uint64_t goroutine, uint64_t stack_id)
{
    if (made.version < 7)
        EVENT(GO_UNBLOCK, dt, goroutine, stack_id);
    else
        EVENT(GO_UNBLOCK, dt, goroutine, ++sequence[goroutine], stack_id);
}

/* A syscall that lost its P. In 1.5 its true place is that number of the sequence. */
static void exit_syscall(uint64_t dt, uint64_t goroutine, uint64_t place, uint64_t truly)
{
    if (made.version < 7)
        EVENT(GO_SYS_EXIT, dt, goroutine, place, truly);
    else
        EVENT(GO_SYS_EXIT, dt, goroutine, ++sequence[goroutine], truly);
}

static void stop_the_world(uint64_t dt, uint64_t kind)
{
    if (made.version < 10)
        EVENT(STW_START, dt);
    else
        EVENT(STW_START, dt, kind);
}

static void user_annotations(void)
{
    EVENT(TASK_CREATE, 100, 7, 0, STRING_TASK, MAIN);
    EVENT(REGION, 50, 7, 0, STRING_REGION, MAIN);
    EVENT(LOG, 10, 7, STRING_REGION, MAIN);
    number(5);
    for (const char *c = "three"; *c; c++)
        byte((unsigned char)*c);
    EVENT(REGION, 900, 7, 1, STRING_REGION, MAIN);
    EVENT(TASK_END, 100, 7, MAIN);
}

static void collection(void)
{
    bool late = made.version >= 21;
    stop_the_world(500, late ? 2 : 1);
    if (made.version < 7)
        EVENT(GC_START, 20, MAIN);
    else
        EVENT(GC_START, 20, 0, MAIN);
    EVENT(STW_DONE, 30);
    if (made.version >= 9) {
        EVENT(ASSIST_START, 100, MAIN);
        EVENT(ASSIST_DONE, 400);
    }
    unblock(100, 2, MAIN);
    EVENT(GO_SCHED, 10, MAIN);
    start_as_worker(20, 2);
    EVENT(GO_BLOCK, 5000, WORK);
    start(30, 1);
    stop_the_world(40, late ? 1 : 0);
    EVENT(GC_DONE, 60);
    EVENT(STW_DONE, 10);
    EVENT(HEAP_GOAL, 5, 32768);
    EVENT(SWEEP_START, 700, MAIN);
    if (made.version < 9)
        EVENT(SWEEP_DONE, 300);
    else
        EVENT(SWEEP_DONE, 300, 16384, 8192);
}

/* Goroutine 2 is woken, finds that another was faster and blocks again. */
static void futile_wakeup(void)
{
    unblock(100, 2, MAIN);
    EVENT(GO_BLOCK_SYNC, 50, MAIN);
    start(20, 2);
    EVENT(FUTILE_WAKEUP, 30);
    EVENT(GO_BLOCK_RECV, 5, WORK);
}

/* P 1 wakes goroutine 1, which creates one that waits for the network there. */
static void another_proc(void)
{
    on(1);
    EVENT(PROC_START, 1000, 8);
    unblock(200, 1, 0);
    on(0);
    start(300, 1);
    create(400, 6, WORK);
    on(1);
    start(100, 6);
    EVENT(GO_BLOCK_NET, 2000, READ);
    EVENT(PROC_STOP, 10);
    on(0);
    EVENT(GO_SLEEP, 500, MAIN);
    EVENT(PROC_STOP, 10);
}

static void frames_of(uint64_t id, size_t n, const uint64_t *functions)
{
    uint64_t args[2 + 4 * 2] = {id, n};
    size_t size = 2;
    for (size_t i = 0; i < n; i++) {
        args[size++] = address_of(functions[i]);
        if (made.version < 7)
            continue;
        args[size++] = functions[i];
        args[size++] = 8; /* file */
        args[size++] = 10 * functions[i];
    }
    record(MT_V1_STACK, size, args);
}

static void tables(void)
{
    static const char *const strings[] = {
        "main.main",         "main.work", "main.leak.func1", "syscall.Read",
        "runtime.chansend1", "main.leak", "main.spare",      "/src/shop/main.go",
        "GC (dedicated)",    "order",     "charge"};
    for (size_t i = 0; made.version >= 7 && i < sizeof strings / sizeof *strings; i++)
        string(i + 1, strings[i]);
    frames_of(MAIN, 2, LIST(6, 1));
    frames_of(WORK, 1, LIST(2));
    frames_of(LEAK, 1, LIST(3));
    frames_of(READ, 2, LIST(4, 2));
    frames_of(SEND, 2, LIST(5, 3));
    frequency(1000000000);
}

static void header(unsigned version)
{
    char text[17] = {0};
    snprintf(text, sizeof text, "go 1.%u trace", version);
    for (size_t i = 0; i < 16; i++)
        byte((unsigned char)text[i]);
}

static void whole_run(unsigned version)
{
    begin(version);
    header(version);
    opening();
    sequence[1] = sequence[2] = 1;
    EVENT(HEAP_ALLOC, 200, 4096);
    EVENT(HEAP_GOAL, 1, 65536);
    create(1000, 3, LEAK);
    create(100, 4, LEAK);
    create(100, 5, WORK);
    EVENT(GO_BLOCK_RECV, 500, MAIN);
    start(300, 3);
    EVENT(GO_BLOCK_SEND, 700, SEND);
    start(300, 4);
    EVENT(GO_SYSCALL, 100, READ);
    EVENT(GO_SYS_BLOCK, 20000);
    uint64_t truly = made.ticks + 1000;
    start(200, 5);
    EVENT(GO_SYSCALL, 100, READ);
    uint64_t place = made.last_seq + 1;
    event(MT_V1_HEAP_ALLOC, 1, 2, LIST(2000, 12288));
    unblock(100, 1, WORK);
    EVENT(GO_END, 100);
    exit_syscall(500, 4, place, truly);
    start(100, 4);
    EVENT(GO_BLOCK_SELECT, 200, SEND);
    start(100, 1);
    if (version >= 11)
        user_annotations();
    collection();
    if (version < 11)
        futile_wakeup();
    else
        EVENT(GO_BLOCK_SYNC, 50, MAIN);
    if (version >= 19)
        RECORD(CPU_SAMPLE, 1, made.ticks - 2000, 0, 2, WORK);
    another_proc();
    tables();
}

static void path_of(char path[64], unsigned version)
{
    snprintf(path, 64, "testdata/gotrace/made-go1.%u.trace", version);
}

static void write_sample(const char *path)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(made.bytes, 1, made.size, f), made.size);
    assert_int_equal(fclose(f), 0);
}

static void the_samples_are_what_is_written_here(void **state)
{
    (void)state;
    static const unsigned versions[] = {5, 7, 8, 9, 10, 11, 21};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        char path[64];
        static unsigned char found[sizeof made.bytes];
        whole_run(versions[i]);
        path_of(path, versions[i]);
        if (getenv("MADE"))
            write_sample(path);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        assert_int_equal(fread(found, 1, sizeof found, f), made.size);
        assert_memory_equal(found, made.bytes, made.size);
        fclose(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_samples_are_what_is_written_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
