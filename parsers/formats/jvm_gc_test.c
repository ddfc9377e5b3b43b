/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

extern const struct mt_reader mt_reader_jvm_gc;

static struct mt_testing t;
static const struct mt_capture *const cap = &t.capture;

static const uint64_t K = 1024, M = 1048576;

static void read_sample(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "testdata/jvm-gc/%s", name);
    mt_testing_read_file(&t, &mt_reader_jvm_gc, path);
    assert_true(t.ok);
}

static int teardown(void **state)
{
    (void)state;
    mt_testing_clear(&t);
    return 0;
}

static size_t count(const struct mt_gc_log *log, enum mt_gc_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < log->n_cycles; i++)
        n += log->cycles[i].kind == kind;
    return n;
}

static int64_t pauses(const struct mt_gc_log *log)
{
    int64_t ns = 0;
    for (size_t i = 0; i < log->n_cycles; i++)
        ns += log->cycles[i].pause_ns;
    return ns;
}

static const char *collector(const struct mt_gc_log *log)
{
    return mt_string_text(cap->strings, log->collector);
}

static const char *cause(const struct mt_gc_cycle *c)
{
    return mt_string_text(cap->strings, c->cause);
}

/* The counts of this and the next tests are those of
 * grep -c 'Pause Young.*ms$', 'Pause Full.*ms$', 'Pause Young (Mixed).*ms$', 'Concurrent Mark Cycle
 * .*ms$' the sums those of grep -oE 'Pause .* [0-9.]+ms$' | awk '{sub("ms","",$NF); s+=$NF}
 * END{print s}' */
static void serial_of_jdk_17(void **state)
{
    (void)state;
    read_sample("serial-jdk17.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_int_equal(cap->n_gc_logs, 1);
    assert_string_equal(collector(log), "Serial");
    assert_int_equal(count(log, MT_GC_YOUNG), 15);
    assert_int_equal(count(log, MT_GC_FULL), 2);
    assert_int_equal(pauses(log), 327296000);
    assert_int_equal(log->clock.clock, MT_CLOCK_NONE);
    /* [0.685s] GC(6) Pause Full (Allocation Failure) 46M->12M(61M) 7.922ms
     * DefNew: 19647K(19648K)->0K(19712K), Tenured: 38102K(43712K)->13120K(43712K) */
    const struct mt_gc_cycle *c = &log->cycles[6];
    assert_int_equal(c->number, 6);
    assert_int_equal(c->kind, MT_GC_FULL);
    assert_string_equal(cause(c), "Allocation Failure");
    assert_int_equal(c->since_start_ns, 677000000); /* of its gc,start line */
    assert_int_equal(c->pause_ns, 7922000);
    assert_int_equal(c->duration_ns, 7922000);
    assert_int_equal(c->heap_start_bytes, 46 * M);
    assert_int_equal(c->heap_live_bytes, 12 * M);
    assert_int_equal(c->heap_total_bytes, 61 * M);
    assert_int_equal(c->young_before_bytes, 19647 * K);
    assert_int_equal(c->young_after_bytes, 0);
    assert_int_equal(c->old_before_bytes, 38102 * K);
    assert_int_equal(c->old_after_bytes, 13120 * K);
    assert_int_equal(c->promoted_bytes, MT_NO_BYTES);
    /* GC(7): Tenured 13120K -> 20186K */
    assert_int_equal(log->cycles[7].promoted_bytes, (20186 - 13120) * K);
}

static void parallel_with_dates_and_uptime(void **state)
{
    (void)state;
    read_sample("parallel-jdk17.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_string_equal(collector(log), "Parallel");
    assert_int_equal(count(log, MT_GC_YOUNG), 15);
    assert_int_equal(count(log, MT_GC_FULL), 2);
    assert_int_equal(pauses(log), 469244000);
    assert_int_equal(log->clock.clock, MT_CLOCK_SAME);
    assert_false(log->clock.zone_unknown);
    int64_t start_ns;
    assert_true(mt_time_from_civil(2026, 11, 25, 10, 8, 5, 74000000, &start_ns));
    assert_int_equal(log->cycles[0].time_ns, start_ns);
    assert_int_equal(log->cycles[0].since_start_ns, 587000000);
    assert_int_equal(log->cycles[0].old_after_bytes, 7942 * K);
}

/* The banner, which says how large a region is, was rotated away; -> 33M old after the last. */
static void g1_of_a_rotated_log(void **state)
{
    (void)state;
    read_sample("g1-jdk17-rotated.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_string_equal(collector(log), "G1");
    assert_int_equal(count(log, MT_GC_YOUNG), 2);
    assert_int_equal(count(log, MT_GC_MIXED), 2);
    assert_int_equal(count(log, MT_GC_CONCURRENT), 1);
    const struct mt_gc_cycle *last = &log->cycles[log->n_cycles - 1];
    assert_int_equal(last->kind, MT_GC_MIXED);
    /* Eden regions: 3->0(3), Survivor regions: 1->1(1), of 1 MiB; 44M->34M */
    assert_int_equal(last->heap_live_bytes, 34 * M);
    assert_int_equal(last->young_after_bytes, 1 * M);
    assert_int_equal(last->old_after_bytes, 33 * M);
    for (size_t i = 0; i < log->n_cycles; i++) {
        const struct mt_gc_cycle *c = &log->cycles[i];
        if (c->kind == MT_GC_CONCURRENT) {
            /* GC(9): Remark and Cleanup pause inside 31.700 ms, which lie between young ones */
            assert_int_equal(c->number, 9);
            assert_in_range(c->duration_ns, 30000000, 33000000);
            assert_in_range(c->pause_ns, 1, 31000000);
        }
    }
}

static void totals_alone_leave_generations_open(void **state)
{
    (void)state;
    read_sample("g1-jdk25-gc-only.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_int_equal(count(log, MT_GC_YOUNG), 23);
    assert_int_equal(count(log, MT_GC_MIXED), 12);
    assert_int_equal(count(log, MT_GC_CONCURRENT), 6);
    assert_int_equal(pauses(log), 833125000);
    for (size_t i = 0; i < log->n_cycles; i++)
        if (log->cycles[i].kind == MT_GC_FULL) /* but a full collection leaves only old ones */
            assert_int_equal(log->cycles[i].old_after_bytes, 15 * M);
        else
            assert_int_equal(log->cycles[i].old_after_bytes, MT_NO_BYTES);
    /* [0.834s] ... 142.257ms, and no gc,start line */
    assert_int_equal(log->cycles[0].since_start_ns, 834000000 - 142257000);
}

static void zgc_tells_live_from_used(void **state)
{
    (void)state;
    read_sample("zgc-jdk17.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_string_equal(collector(log), "ZGC");
    assert_int_equal(count(log, MT_GC_CONCURRENT), 2);
    /* [583ms] GC(0) Garbage Collection (Warmup) ... [1055ms] 10M(10%)->34M(35%), Live 4M */
    const struct mt_gc_cycle *c = &log->cycles[0];
    assert_string_equal(cause(c), "Warmup");
    assert_int_equal(c->since_start_ns, 583000000);
    assert_int_equal(c->duration_ns, 472000000);
    assert_int_equal(c->pause_ns, 24000 + 22000 + 21000);
    assert_int_equal(c->heap_start_bytes, 10 * M);
    assert_int_equal(c->heap_live_bytes, 34 * M);
    assert_int_equal(c->old_after_bytes, 4 * M);
    assert_int_equal(c->heap_total_bytes, 64 * M);
}

static void generational_zgc_has_minor_and_major_ones(void **state)
{
    (void)state;
    read_sample("zgc-generational-jdk25.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_int_equal(count(log, MT_GC_YOUNG), 1);
    assert_int_equal(count(log, MT_GC_CONCURRENT), 3);
    const struct mt_gc_cycle *minor = &log->cycles[3];
    assert_int_equal(minor->number, 3);
    assert_string_equal(cause(minor), "Allocation Rate");
    assert_int_equal(minor->heap_start_bytes, 54 * M);
    assert_int_equal(minor->heap_live_bytes, 30 * M);
    assert_int_equal(minor->young_after_bytes, 26 * M);
    assert_int_equal(minor->old_after_bytes, 4 * M);
    assert_int_equal(minor->promoted_bytes, 1 * M);
    assert_int_equal(minor->duration_ns, 70000000);
    assert_int_equal(minor->pause_ns, 27000 + 84000 + 66000);
}

static void shenandoah_ends_with_the_next_or_the_log(void **state)
{
    (void)state;
    read_sample("shenandoah-jdk17.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_string_equal(collector(log), "Shenandoah");
    assert_int_equal(count(log, MT_GC_CONCURRENT), 3);
    assert_int_equal(pauses(log), 664000);
    assert_int_equal(log->cycles[2].old_after_bytes, log->cycles[2].heap_live_bytes);
    read_sample("shenandoah-generational-jdk25.log");
    log = &cap->gc_logs[0];
    assert_int_equal(count(log, MT_GC_YOUNG), 2);
    assert_int_equal(pauses(log), 719000);
    assert_int_equal(log->cycles[0].young_after_bytes, 19645 * K);
    assert_int_equal(log->cycles[0].old_after_bytes, 0);
    assert_int_equal(log->clock.clock, MT_CLOCK_SAME);
}

/* grep -c '\[GC ' 13, '\[Full' 8; the sum of the last seconds of each line is 151.4852 ms */
static void parallel_of_jdk_8(void **state)
{
    (void)state;
    read_sample("parallel-jdk8.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_string_equal(collector(log), "Parallel");
    assert_int_equal(count(log, MT_GC_YOUNG), 13);
    assert_int_equal(count(log, MT_GC_FULL), 8);
    assert_int_equal(pauses(log), 151485200);
    int64_t start_ns;
    assert_true(mt_time_from_civil(2026, 11, 25, 20, 55, 45, 903000000, &start_ns)); /* +0100 */
    assert_int_equal(log->cycles[0].time_ns, start_ns);
    assert_int_equal(log->cycles[0].since_start_ns, 157000000);
    assert_int_equal(log->cycles[0].old_before_bytes, 0);
    assert_int_equal(log->cycles[0].old_after_bytes, (5912 - 992) * K);
    assert_int_equal(log->cycles[0].promoted_bytes, (5912 - 992) * K);
    assert_string_equal(cause(&log->cycles[2]), "Ergonomics");
    assert_int_equal(log->cycles[12].kind, MT_GC_FULL);
    assert_string_equal(cause(&log->cycles[12]), "System.gc()");
    assert_int_equal(log->cycles[12].old_after_bytes, 9020 * K);
    assert_int_equal(log->cycles[12].heap_total_bytes, 29184 * K);
}

/* Under LC_ALL=de_DE.UTF-8, with CRLF put in place of LF; JDK 6 had no cause and a Perm. */
static void decimal_commas_and_crlf(void **state)
{
    (void)state;
    read_sample("serial-jdk8-comma-crlf.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_string_equal(collector(log), "Serial");
    assert_int_equal(log->n_cycles, 14);
    assert_int_equal(log->cycles[0].since_start_ns, 160000000);
    assert_int_equal(log->cycles[0].pause_ns, 33983800);
    assert_int_equal(log->cycles[2].kind, MT_GC_FULL); /* a young one that went on */
    assert_int_equal(log->cycles[2].old_after_bytes, 7688 * K);
    assert_string_equal(cause(&log->cycles[7]), "System.gc()");
    read_sample("serial-jdk6-comma-crlf.log");
    log = &cap->gc_logs[0];
    assert_int_equal(log->n_cycles, 3);
    assert_int_equal(log->cycles[0].since_start_ns, 250000000);
    assert_int_equal(log->cycles[0].pause_ns, 3100000);
    assert_int_equal(log->cycles[1].kind, MT_GC_FULL);
    assert_int_equal(log->cycles[1].old_after_bytes, 6000 * K);
    assert_int_equal(log->cycles[2].pause_ns, 15100000);
}

static void lone_carriage_returns_end_lines(void **state)
{
    (void)state;
    read_sample("verbose-jdk8-cr.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_int_equal(log->n_cycles, 24); /* grep -o '\[\(Full \)\?GC' | wc -l */
    assert_int_equal(log->cycles[1].heap_start_bytes, 12064 * K);
    assert_int_equal(log->cycles[2].old_after_bytes, 7981 * K);
    assert_int_equal(log->cycles[1].since_start_ns, MT_NO_TIME);
}

/* Seven of twelve end with "[CMS", four of them as "concurrent mode failure" over two lines; cycles
 * that were begun are given up each time. The last seconds add up to 931.1353 ms. */
static void cms_gives_up_when_the_old_generation_is_full(void **state)
{
    (void)state;
    read_sample("cms-jdk8-failures.log");
    assert_int_equal(cap->skipped, 0);
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_string_equal(collector(log), "CMS");
    assert_int_equal(count(log, MT_GC_YOUNG), 5);
    assert_int_equal(count(log, MT_GC_FULL), 7);
    assert_int_equal(pauses(log), 931135300);
    assert_int_equal(log->cycles[0].young_after_bytes, 2432 * K); /* behind the age table */
    assert_int_equal(log->cycles[5].pause_ns, 112052600);         /* promotion failed */
    assert_int_equal(log->cycles[5].old_after_bytes, 33285 * K);
}

static void cms_spreads_over_lines_and_fails(void **state)
{
    (void)state;
    read_sample("cms-jdk7.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    static const enum mt_gc_kind kinds[] = {MT_GC_YOUNG, MT_GC_YOUNG, MT_GC_CONCURRENT, MT_GC_YOUNG,
                                            MT_GC_FULL};
    assert_string_equal(collector(log), "CMS");
    assert_int_equal(log->n_cycles, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(log->cycles[i].kind, kinds[i]);
    assert_int_equal(log->cycles[0].young_after_bytes, 2176 * K); /* behind the age table */
    assert_int_equal(log->cycles[0].promoted_bytes, (6000 - 2176) * K);
    const struct mt_gc_cycle *cms = &log->cycles[2];
    assert_int_equal(cms->since_start_ns, 2010000000);
    assert_int_equal(cms->duration_ns, 230000000);
    assert_int_equal(cms->pause_ns, 4000000);
    assert_int_equal(cms->old_before_bytes, 27824 * K);
    assert_int_equal(cms->old_after_bytes, (31200 - 19200) * K); /* what the next young one found */
    assert_int_equal(log->cycles[4].old_after_bytes, 20000 * K);
    assert_int_equal(log->cycles[4].pause_ns, 68200000);
    assert_int_equal(cap->skipped, 0);
}

static void g1_of_jdk_8_has_its_heap_on_a_later_line(void **state)
{
    (void)state;
    read_sample("g1-jdk8.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    static const enum mt_gc_kind kinds[] = {MT_GC_YOUNG, MT_GC_YOUNG, MT_GC_CONCURRENT,
                                            MT_GC_MIXED, MT_GC_FULL,  MT_GC_YOUNG};
    assert_int_equal(log->n_cycles, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(log->cycles[i].kind, kinds[i]);
    const struct mt_gc_cycle *c = &log->cycles[0];
    assert_string_equal(cause(c), "G1 Evacuation Pause");
    assert_int_equal(c->heap_start_bytes, 24 * M);
    assert_int_equal(c->heap_live_bytes, 5 * M);
    assert_int_equal(c->young_after_bytes, 3 * M);
    assert_int_equal(c->old_after_bytes, 2 * M);
    c = &log->cycles[2]; /* marking from 0.910 to the cleanup's end */
    assert_int_equal(c->duration_ns, 46000000);
    assert_int_equal(c->pause_ns, 3000000);
    assert_int_equal(c->heap_live_bytes, 90 * M);
    assert_int_equal(log->cycles[3].old_after_bytes, 78 * M);
    assert_int_equal(log->cycles[4].old_after_bytes, 40 * M);
    assert_int_equal(log->cycles[5].heap_live_bytes, 45 * M);
    assert_int_equal(cap->skipped, 0);
}

/* The program printed what its JVM counted (GarbageCollectorMXBean): Copy 4, MarkSweepCompact 1. */
static void numbers_of_collections_stand_before_or_behind_the_times(void **state)
{
    (void)state;
    read_sample("serial-jdk8-tenuring.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_int_equal(count(log, MT_GC_YOUNG), 4);
    assert_int_equal(count(log, MT_GC_FULL), 1);
    for (size_t i = 0; i < log->n_cycles; i++) {
        assert_int_not_equal(log->cycles[i].time_ns, MT_NO_TIME);
        assert_int_not_equal(log->cycles[i].since_start_ns, MT_NO_TIME);
    }
    mt_testing_read_text(&t, &mt_reader_jvm_gc, "#7: 1.5: [GC 4K->3K(9K), 0.1 secs]\n");
    assert_int_equal(cap->gc_logs[0].cycles[0].since_start_ns, 1500000000);
}

/* The JVM's own counters: PS Scavenge 4, PS MarkSweep 1. */
static void a_log_without_any_record_on_one_line(void **state)
{
    (void)state;
    struct mt_span bytes = mt_testing_file("testdata/jvm-gc/parallel-jdk8-heap-around.log");
    assert_int_equal(mt_reader_jvm_gc.sniff(bytes), MT_LIKELY);
    mt_testing_read(&t, &mt_reader_jvm_gc, bytes);
    free((void *)(uintptr_t)bytes.data);
    assert_int_equal(count(&cap->gc_logs[0], MT_GC_YOUNG), 4);
    assert_int_equal(count(&cap->gc_logs[0], MT_GC_FULL), 1);
    assert_int_equal(mt_reader_jvm_gc.sniff(MT_SPAN("we saw [GC (x) here\n")), MT_NO);
}

static void cms_may_have_the_young_generation_of_serial(void **state)
{
    (void)state;
    mt_testing_read_text(&t, &mt_reader_jvm_gc,
                         "1.0: [GC [DefNew: 6K->1K(7K), 0.1 secs] 6K->2K(20K), 0.1 secs]\n"
                         "2.0: [GC [1 CMS-initial-mark: 5K(16K)] 6K(20K), 0.1 secs]\n");
    assert_string_equal(collector(&cap->gc_logs[0]), "CMS");
}

static void damaged_records_do_not_stop_the_rest(void **state)
{
    (void)state;
    read_sample("hostile.log");
    assert_int_equal(cap->skipped, 3);
    assert_int_equal(cap->gc_logs[0].cycles[1].since_start_ns, 5000000000);
}

static void very_long_lines_are_read(void **state)
{
    (void)state;
    struct mt_text text = {0};
    mt_text_add(&text, "1.000: [GC (Allocation Failure) [PSYoungGen: 200K->100K(300K)] ");
    for (int i = 0; i < 20000; i++)
        mt_text_add(&text, "[task 0.001] ");
    mt_text_add(&text, "400K->300K(900K), 0.5 secs]\n");
    mt_testing_read(&t, &mt_reader_jvm_gc, mt_text_view(&text));
    mt_text_clear(&text);
    const struct mt_gc_cycle *c = cap->gc_logs[0].cycles;
    assert_int_equal(c->heap_live_bytes, 300 * K);
    assert_int_equal(c->old_after_bytes, 200 * K);
    assert_int_equal(c->pause_ns, 500000000);
}

static void a_banner_or_a_clock_that_goes_back_is_another_jvm(void **state)
{
    (void)state;
    mt_testing_read_text(&t, &mt_reader_jvm_gc,
                         "[0.01s][info][gc] Using Serial\n"
                         "[5.00s][info][gc] GC(0) Pause Young (x) 4M->1M(8M) 1.0ms\n"
                         "[0.01s][info][gc] Using G1\n"
                         "[6.00s][info][gc] GC(0) Pause Young (Normal) (x) 4M->1M(8M) 1.0ms\n"
                         "[90.0s][info][gc] GC(1) Pause Young (Normal) (x) 4M->1M(8M) 1.0ms\n"
                         "[7.00s][info][gc] GC(2) Pause Young (Normal) (x) 4M->1M(8M) 1.0ms\n");
    assert_int_equal(cap->n_gc_logs, 3);
    assert_string_equal(collector(&cap->gc_logs[0]), "Serial");
    assert_string_equal(collector(&cap->gc_logs[1]), "G1");
    assert_int_equal(cap->gc_logs[1].n_cycles, 2);
}

#define POD(name, text)                                                                            \
    "{\"@timestamp\":\"2026-11-22T19:00:00.1Z\",\"log\":\"" text                                   \
    "\",\"kubernetes\":{\"pod_name\":\"" name "\"}}\n"

static void pods_that_write_at_the_same_time_are_told_apart(void **state)
{
    (void)state;
    mt_testing_read_text(
        &t, &mt_reader_jvm_gc,
        POD("a", "[1.0s][info][gc] Using Serial") POD("b", "[1.0s][info][gc] Using G1")
            POD("a", "[1.1s][info][gc,heap] GC(0) DefNew: 6M->1M(7M)")
                POD("b", "[1.1s][info][gc] GC(0) Pause Young (Normal) (x) 40M->10M(80M) 1.0ms")
                    POD("a", "[1.2s][info][gc] GC(0) Pause Young (y) 6M->2M(8M) 3.0ms")
                        POD("c", "5.000: [GC (z) [PSYoungGen: 200K->100K(300K)] 400K->300K(900K)")
                            POD("b", "[1.3s][info][gc] GC(1) Pause Full (x) 30M->9M(80M) 5.0ms")
                                POD("c", ", 0.5 secs]"));
    assert_int_equal(cap->n_gc_logs, 3);
    assert_int_equal(cap->skipped, 0);
    const struct mt_gc_log *b = &cap->gc_logs[0], *a = &cap->gc_logs[1], *c = &cap->gc_logs[2];
    assert_string_equal(collector(a), "Serial");
    assert_int_equal(a->n_cycles, 1);
    assert_int_equal(a->cycles[0].old_after_bytes, 1 * M);
    assert_string_equal(collector(b), "G1");
    assert_int_equal(b->n_cycles, 2);
    assert_int_equal(b->cycles[1].heap_live_bytes, 9 * M);
    assert_int_equal(c->cycles[0].old_after_bytes, 200 * K);
}

static void thousands_of_pods_are_refused_not_stored(void **state)
{
    (void)state;
    struct mt_text text = {0};
    for (int i = 0; i < 1100; i++)
        mt_text_printf(&text,
                       "{\"log\":\"1.0: [GC (x)  4K->2K(8K), 0.1 secs]\",\"kubernetes\":"
                       "{\"pod_name\":\"p%d\"}}\n",
                       i);
    mt_testing_read(&t, &mt_reader_jvm_gc, mt_text_view(&text));
    mt_text_clear(&text);
    assert_int_equal(cap->n_gc_logs, 1023);
    assert_int_equal(cap->skipped, 1100 - 1023);
}

/* Negative and absurd figures, zero bytes, lines without an end: what is whole around them counts.
 */
static void hostile_lines_leave_the_others_alone(void **state)
{
    (void)state;
    static const char text[] = "1.0: [GC (x)  4K->2K(8K), 0.1 secs]\n"
                               "-2.0: [GC (x)  4K->2K(8K), -0.1 secs]\n"
                               "3.0: [GC (\0x)  4K->2K(8K), 0.1 secs]\n"
                               "\0\0\0\n"
                               "[4.0s][info][gc] GC(-1) Pause Full (y) 2M->1M(4M) 2.0ms\n"
                               "[4.0s][info][gc] GC(0) Pause Full (y) 2M->1M(4M) -2.0ms\n"
                               "[-4.0s][info][gc] GC(1) Pause Full (y) 2M->1M(4M) 1e9ms\n"
                               "5.0: [GC (x)  4K->2K(8K), 0.2 secs]\n"
                               "6.0: [GC (x)  4K->2K(8K), 0.";
    mt_testing_read(&t, &mt_reader_jvm_gc,
                    (struct mt_span){(const unsigned char *)text, sizeof text - 1});
    assert_true(t.ok);
    struct mt_err err = {0};
    assert_true(mt_capture_check(cap, &err));
    assert_int_equal(cap->skipped, 2); /* at -2.0 and 6.0 */
    assert_int_equal(cap->n_gc_logs, 1);
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_int_equal(log->n_cycles, 3);
    assert_int_equal(pauses(log), 400000000);
    assert_int_equal(log->cycles[1].since_start_ns, 3000000000);
    assert_int_equal(log->cycles[2].since_start_ns, 5000000000);
}

static void any_set_of_decorations_is_understood(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "GC(4) Pause Full (x) 4M->1M(8M) 2.0ms",
        "[gc] GC(4) Pause Full (x) 4M->1M(8M) 2.0ms",
        "[2026-11-22T19:00:00.002+0100][5,002s][info ][gc          ] GC(4) Pause Full (x) "
        "4M->1M(8M) 2,0ms",
        "[1795370400002ms][5002ms][host][17][18][gc,start] GC(4) Pause Full (x) 4M->1M(8M) 2.0ms",
        "2026-11-22T18:00:00.002000000Z stdout F [5002000000ns] GC(4) Pause Full (x) 4M->1M(8M) "
        "2.0ms",
    };
    int64_t start_ns;
    assert_true(mt_time_from_civil(2026, 11, 22, 18, 0, 0, 0, &start_ns));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        mt_testing_read_text(&t, &mt_reader_jvm_gc, lines[i]);
        assert_int_equal(cap->n_gc_logs, 1);
        const struct mt_gc_cycle *c = cap->gc_logs[0].cycles;
        assert_int_equal(c->number, 4);
        assert_int_equal(c->pause_ns, 2000000);
        assert_int_equal(c->since_start_ns, i < 2 ? MT_NO_TIME : 5000000000);
        assert_int_equal(c->time_ns, i < 2 ? MT_NO_TIME : start_ns);
    }
}

static void recognises_its_logs_and_no_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_jvm_gc;
    assert_int_equal(r->sniff(MT_SPAN("[0.042s][info][gc] Using G1\n")), MT_CERTAIN);
    assert_int_equal(r->sniff(MT_SPAN("hello\n1.0: [GC 4K->3K(9K), 0.1 secs]\n")), MT_LIKELY);
    assert_int_equal(r->sniff(MT_SPAN("[GC is a word in brackets]\n")), MT_NO);
    assert_int_equal(r->sniff(MT_SPAN("gc 1 @0.1s 1%: ...\n")), MT_NO);
    assert_int_equal(r->sniff(MT_SPAN("[info] request done\n")), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serial_of_jdk_17),
        cmocka_unit_test(parallel_with_dates_and_uptime),
        cmocka_unit_test(g1_of_a_rotated_log),
        cmocka_unit_test(totals_alone_leave_generations_open),
        cmocka_unit_test(zgc_tells_live_from_used),
        cmocka_unit_test(generational_zgc_has_minor_and_major_ones),
        cmocka_unit_test(shenandoah_ends_with_the_next_or_the_log),
        cmocka_unit_test(parallel_of_jdk_8),
        cmocka_unit_test(decimal_commas_and_crlf),
        cmocka_unit_test(lone_carriage_returns_end_lines),
        cmocka_unit_test(cms_gives_up_when_the_old_generation_is_full),
        cmocka_unit_test(cms_spreads_over_lines_and_fails),
        cmocka_unit_test(g1_of_jdk_8_has_its_heap_on_a_later_line),
        cmocka_unit_test(numbers_of_collections_stand_before_or_behind_the_times),
        cmocka_unit_test(a_log_without_any_record_on_one_line),
        cmocka_unit_test(cms_may_have_the_young_generation_of_serial),
        cmocka_unit_test(damaged_records_do_not_stop_the_rest),
        cmocka_unit_test(very_long_lines_are_read),
        cmocka_unit_test(a_banner_or_a_clock_that_goes_back_is_another_jvm),
        cmocka_unit_test(pods_that_write_at_the_same_time_are_told_apart),
        cmocka_unit_test(thousands_of_pods_are_refused_not_stored),
        cmocka_unit_test(hostile_lines_leave_the_others_alone),
        cmocka_unit_test(any_set_of_decorations_is_understood),
        cmocka_unit_test(recognises_its_logs_and_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
