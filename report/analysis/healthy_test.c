/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes that look like a leak for a while and are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/analysis/service_for_tests.h"

/* Under five seeds of sampling noise; `most` is the highest verdict allowed. */
static void says_at_most(struct service s, enum mt_verdict_status most)
{
    for (s.seed = 1; s.seed <= SEEDS; s.seed++) {
        const struct mt_assessment *a = service_assess(&captured, &s, "");
        enum mt_verdict_status got = a->verdict.status;
        if (got > most)
            fail_msg("seed %d: %s: %s (%s)", (int)s.seed, service_words[got], a->verdict.sentence,
                     a->n_findings ? a->findings[0]->culprit.function : "-");
        assert_non_null(a->verdict.next);
        mt_arena_clear(&captured.arena);
    }
}

static void is_never(struct service s, enum mt_verdict_status wrong)
{
    for (s.seed = 1; s.seed <= SEEDS; s.seed++) {
        if (service_assess(&captured, &s, "")->verdict.status == wrong)
            fail_msg("seed %d: %s", (int)s.seed, service_words[wrong]);
        mt_arena_clear(&captured.arena);
    }
}

static void a_service_that_stands_is_steady(void **state)
{
    (void)state;
    says_at_most(steady(), MT_VERDICT_STEADY);
    is_never(steady(), MT_VERDICT_UNDECIDED);
}

static double warm_exp(double t)
{
    return 40 * MIB * (1 - exp(-t / 45));
}

static double warm_log(double t)
{
    return 10 * MIB * log(1 + t / 3);
}

static void a_cache_that_warms_up_is_no_leak(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){CACHE, warm_exp, 1024, false};
    says_at_most(s, MT_VERDICT_STEADY);
    s.heap[2].bytes = warm_log;
    says_at_most(s, MT_VERDICT_WATCH);
}

static double capped(double t)
{
    return fmin(t, 150) * 0.2 * MIB;
}

static void a_cache_that_reached_its_cap_is_no_leak(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){CACHE, capped, 2048, false};
    says_at_most(s, MT_VERDICT_STEADY);
}

static double diurnal(double t)
{
    return 1 + 0.8 * sin(t / 300 * 4.5 - 1.2);
}

static double sessions(double t)
{
    return 30 * MIB * diurnal(t);
}

static void what_follows_the_load_is_no_leak(void **state)
{
    (void)state;
    struct service s = steady();
    s.load = diurnal;
    s.spans = true;
    s.heap[2] = (struct service_site){CACHE, sessions, 1024, true};
    says_at_most(s, MT_VERDICT_WATCH);
}

static void a_restart_in_the_middle_is_no_leak(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){CACHE, warm_exp, 1024, false};
    s.restart_s = 160;
    s.snapshots = 10; /* five a part: chance may still ask for more */
    says_at_most(s, MT_VERDICT_WATCH);
}

static double burst(double t)
{
    return t > 120 && t < 170 ? 60 * MIB : 0.5 * MIB;
}

static void a_burst_that_comes_back_is_no_leak(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){CACHE, burst, 4096, true};
    says_at_most(s, MT_VERDICT_STEADY);
}

static double gogc_doubles(double t)
{
    return t < 150 ? 100 : 300;
}

static void another_gogc_is_no_leak(void **state)
{
    (void)state;
    struct service s = steady();
    s.gogc = gogc_doubles;
    says_at_most(s, MT_VERDICT_STEADY);
    s.gctrace = false;
    says_at_most(s, MT_VERDICT_STEADY);
}

/* Hardly any allocation: one collection every two minutes, and HeapAlloc climbs in between. */
static void an_idle_service_is_no_leak(void **state)
{
    (void)state;
    struct service s = steady();
    s.alloc_per_s = 0.08 * MIB;
    s.heap[1].stack = NULL;
    s.gctrace = false;
    says_at_most(s, MT_VERDICT_STEADY);
    s.no_heap = true;
    says_at_most(s, MT_VERDICT_UNDECIDED);
}

static void resident_memory_that_is_noisy_is_no_leak(void **state)
{
    (void)state;
    struct service s = steady();
    s.rss_noise = 0.08;
    says_at_most(s, MT_VERDICT_STEADY);
}

static double ramp(double t)
{
    return 0.3 + 1.4 * t / 300;
}

static double connections(double t)
{
    return 300 * ramp(t);
}

static double buffers(double t)
{
    return 20 * MIB * ramp(t);
}

static void goroutines_that_ramp_with_the_load_are_no_leak(void **state)
{
    (void)state;
    struct service s = steady();
    s.load = ramp;
    s.spans = true;
    s.goroutines[0] = (struct service_site){
        "runtime.gopark internal/poll.(*FD).Read net/http.(*conn).serve", connections, 0, true};
    s.heap[2] = (struct service_site){WORK, buffers, 4096, true};
    says_at_most(s, MT_VERDICT_WATCH);
}

static void three_snapshots_alone_never_make_a_leak(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){CACHE, warm_exp, 1024, false};
    s.snapshots = 3;
    s.no_memstats = s.no_rss = true;
    s.gctrace = false;
    says_at_most(s, MT_VERDICT_WATCH);
    is_never(s, MT_VERDICT_STEADY);
}

static double loaded_once(double t)
{
    return t < 130 ? 0.5 * MIB : 25 * MIB;
}

static void a_table_that_is_loaded_once_is_no_leak(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){CACHE, loaded_once, 4096, false};
    says_at_most(s, MT_VERDICT_WATCH);
}

/* The gap is named, and the capture that closes it. */
static void asks_for(struct service s, const char *capture)
{
    s.seed = 1;
    const struct mt_assessment *a = service_assess(&captured, &s, "");
    if (a->verdict.status != MT_VERDICT_UNDECIDED || !strstr(a->verdict.next, capture))
        fail_msg("%s: %s %s", service_words[a->verdict.status], a->verdict.sentence,
                 a->verdict.next);
    mt_arena_clear(&captured.arena);
}

static void what_was_not_measured_is_asked_for(void **state)
{
    (void)state;
    struct service s = steady();
    s.no_rss = true;
    asks_for(s, "resident memory");
    s = steady();
    s.no_goroutines = s.no_memstats = true;
    asks_for(s, "goroutine profiles");
    s = steady();
    s.snapshots = 2;
    s.gctrace = false;
    s.no_memstats = true;
    asks_for(s, "heap profiles");
    s = steady();
    s.gctrace = false;
    s.no_heap = s.no_memstats = true;
    asks_for(s, "heap profiles");
    s = steady(); /* a cache may have filled, or something may leak ever slower */
    s.heap[2] = (struct service_site){CACHE, warm_exp, 1024, false};
    s.no_heap = true;
    asks_for(s, "heap profiles");
}

static double forty_more(double t)
{
    return 20 * MIB + 40 * MIB * t / 300;
}

/* Resident memory alone cannot say what grows, but that something does is no news to keep back. */
static void a_process_that_grows_unseen_is_said(void **state)
{
    (void)state;
    struct service s = steady();
    s.seed = 1;
    s.gctrace = false;
    s.no_heap = s.no_memstats = s.no_goroutines = true;
    for (int grows = 0; grows < 2; grows++) {
        s.outside = grows ? forty_more : NULL;
        const struct mt_assessment *a = service_assess(&captured, &s, "");
        assert_int_equal(a->verdict.status, MT_VERDICT_UNDECIDED);
        assert_int_equal(strstr(a->verdict.sentence, "ever more memory") != NULL, grows);
        mt_arena_clear(&captured.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_that_stands_is_steady),
        cmocka_unit_test(a_cache_that_warms_up_is_no_leak),
        cmocka_unit_test(a_cache_that_reached_its_cap_is_no_leak),
        cmocka_unit_test(what_follows_the_load_is_no_leak),
        cmocka_unit_test(a_restart_in_the_middle_is_no_leak),
        cmocka_unit_test(a_burst_that_comes_back_is_no_leak),
        cmocka_unit_test(another_gogc_is_no_leak),
        cmocka_unit_test(an_idle_service_is_no_leak),
        cmocka_unit_test(resident_memory_that_is_noisy_is_no_leak),
        cmocka_unit_test(goroutines_that_ramp_with_the_load_are_no_leak),
        cmocka_unit_test(three_snapshots_alone_never_make_a_leak),
        cmocka_unit_test(a_table_that_is_loaded_once_is_no_leak),
        cmocka_unit_test(what_was_not_measured_is_asked_for),
        cmocka_unit_test(a_process_that_grows_unseen_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
