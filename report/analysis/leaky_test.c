/* SPDX-License-Identifier: Apache-2.0 */
/* Leaks of many shapes: each is found, its code is named, and what is said of it is complete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/analysis/service_for_tests.h"

static bool names(const struct mt_finding *f, const char *function)
{
    bool named = strcmp(f->culprit.function, function) == 0 ||
                 (f->culprit.creator && strcmp(f->culprit.creator, function) == 0);
    for (size_t i = 0; i < f->culprit.n_also && !named; i++)
        named = strcmp(f->culprit.also[i], function) == 0;
    return named;
}

/* Numbers behind it, what speaks against it, what to do next. */
static void is_complete(const struct mt_finding *f)
{
    assert_true(f->n_evidence > 0);
    for (size_t i = 0; i < f->n_evidence; i++)
        assert_true(isfinite(f->evidence[i].value) && f->evidence[i].statement[0]);
    assert_true(f->n_against > 0);
    assert_true(f->next && f->next[0]);
    assert_true(f->sentence && f->sentence[0]);
    assert_true(f->family[0] && f->kind[0] && f->id[0]);
    assert_true(f->score >= 0 && f->score <= 1);
}

static const struct mt_finding *found_in(const struct mt_assessment *a, const char *function)
{
    for (size_t i = 0; i < a->n_findings; i++)
        if (names(a->findings[i], function))
            return a->findings[i];
    return NULL;
}

/* Under every seed the verdict is exactly this and the function is named by the first finding, in
 * that family where one is given. */
static void says(struct service s, enum mt_verdict_status verdict, const char *function,
                 const char *family)
{
    for (s.seed = 1; s.seed <= SEEDS; s.seed++) {
        const struct mt_assessment *a = service_assess(&captured, &s, "");
        if (a->verdict.status != verdict)
            fail_msg("seed %d: %s: %s", (int)s.seed, service_words[a->verdict.status],
                     a->verdict.sentence);
        assert_true(a->n_findings > 0);
        if (!names(a->findings[0], function))
            fail_msg("seed %d: first is %s", (int)s.seed, a->findings[0]->culprit.function);
        if (family)
            assert_string_equal(a->findings[0]->family, family);
        for (size_t i = 0; i < a->n_findings; i++)
            is_complete(a->findings[i]);
        mt_arena_clear(&captured.arena);
    }
}

#define SET "example.com/shop/cache.(*LRU).Set"

static double linear(double t)
{
    return 0.5 * MIB + 0.1 * MIB * t;
}

static void a_map_that_only_grows(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){CACHE, linear, 256, false};
    says(s, MT_VERDICT_LEAK, SET, "container-growth");
}

static double large_work(double t)
{
    return (60 + 15 * sin(t)) * MIB;
}

static double slow(double t)
{
    return 0.5 * MIB + 0.05 * MIB * t;
}

static void slow_growth_under_noise(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[1].bytes = large_work;
    s.heap[2] = (struct service_site){CACHE, slow, 512, false};
    s.seconds = 600;
    s.snapshots = 10;
    says(s, MT_VERDICT_LEAK, SET, NULL);
}

static double bursts(double t)
{
    return (0.5 + 12 * floor(t / 70)) * MIB;
}

static void bursts_that_stay(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){CACHE, bursts, 1024, false};
    s.snapshots = 16;
    says(s, MT_VERDICT_LEAK, SET, "burst-growth");
}

static double pile(double t)
{
    return 5 + t;
}

static void goroutines_that_pile_up_without_any_heap_profile(void **state)
{
    (void)state;
    struct service s = steady();
    s.goroutines[0] = (struct service_site){
        "runtime.gopark runtime.chansend example.com/shop/mail.(*Queue).Send.func1", pile, 0,
        false};
    s.no_heap = true;
    says(s, MT_VERDICT_LEAK, "example.com/shop/mail.(*Queue).Send.func1", "goroutine-block");
}

static void what_the_go_at_hand_can_prove_is_the_next_step(void **state)
{
    (void)state;
    static const struct {
        const char *go, *words;
    } steps[] = {{"go1.25.3", NULL},
                 {"go1.26.1", "GOEXPERIMENT=goroutineleakprofile"},
                 {"go1.27", "/debug/pprof/goroutineleak says"}};
    struct service s = steady();
    s.goroutines[0] = (struct service_site){
        "runtime.gopark runtime.chansend example.com/shop/mail.(*Queue).Send.func1", pile, 0,
        false};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        s.go_version = steps[i].go;
        const char *next = service_assess(&captured, &s, "")->findings[0]->next;
        assert_true(steps[i].words ? strstr(next, steps[i].words) != NULL
                                   : !strstr(next, "goroutineleak"));
        mt_arena_clear(&captured.arena);
    }
}

static double outside(double t)
{
    return t * 0.2 * MIB;
}

static void memory_mapped_outside_of_the_heap(void **state)
{
    (void)state;
    struct service s = steady();
    s.outside = outside;
    says(s, MT_VERDICT_LEAK, "(non-heap)", "non-heap");
}

static double late(double t)
{
    return 0.5 * MIB + fmax(0, t - 150) * 0.2 * MIB;
}

static void growth_that_begins_half_way(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){CACHE, late, 512, false};
    s.snapshots = 12;
    says(s, MT_VERDICT_LEAK, SET, NULL);
}

static double diurnal(double t)
{
    return 1 + 0.6 * sin(t / 600 * 12.6);
}

static double sessions(double t)
{
    return 15 * MIB * diurnal(t);
}

static double leak_with_load(double t)
{
    return 0.5 * MIB + 0.1 * MIB * (t + 0.6 * 600 / 12.6 * (1 - cos(t / 600 * 12.6)));
}

static void growth_under_a_load_that_swings(void **state)
{
    (void)state;
    struct service s = steady();
    s.seconds = 600;
    s.load = diurnal;
    s.spans = true;
    s.heap[1] = (struct service_site){WORK, sessions, 1024, true};
    s.heap[2] = (struct service_site){CACHE, leak_with_load, 512, false};
    s.snapshots = 12;
    says(s, MT_VERDICT_LEAK, SET, NULL);
}

static void tickers_that_are_never_stopped(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){
        "runtime.mallocgc time.newTimer time.NewTicker example.com/shop/poll.(*Poller).Start "
        "example.com/shop.Serve",
        linear, 240, false};
    s.go_version = "go1.21.4";
    says(s, MT_VERDICT_LEAK, "example.com/shop/poll.(*Poller).Start", "timer");
    const struct mt_assessment *a = service_assess(&captured, &s, "");
    bool told = false;
    for (size_t i = 0; i < a->findings[0]->n_against; i++)
        told = told || strstr(a->findings[0]->against[i], "1.23");
    assert_true(told);
    mt_arena_clear(&captured.arena);
}

static void growth_in_code_of_others_alone(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){"runtime.mapassign github.com/vendor/kv.(*Index).Insert "
                                      "github.com/vendor/kv.(*Store).compact",
                                      linear, 256, false};
    says(s, MT_VERDICT_LEAK, "github.com/vendor/kv.(*Store).compact", NULL);
}

static void two_leaks_at_once_are_two_findings(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){CACHE, linear, 256, false};
    s.heap[3] = (struct service_site){
        "runtime.mallocgc example.com/shop/audit.Append example.com/shop.Audit", slow, 512, false};
    s.snapshots = 10;
    for (s.seed = 1; s.seed <= SEEDS; s.seed++) {
        const struct mt_assessment *a = service_assess(&captured, &s, "");
        const struct mt_finding *x = found_in(a, SET);
        const struct mt_finding *y = found_in(a, "example.com/shop/audit.Append");
        assert_true(x && y && x != y);
        assert_int_equal(x->status, MT_STATUS_LEAK);
        assert_int_equal(y->status, MT_STATUS_LEAK);
        mt_arena_clear(&captured.arena);
    }
}

static double hour(double t)
{
    return 4 * MIB + 0.02 * MIB * t;
}

/* A rise that only gctrace shows is watch; of half an hour and more it is a leak without a culprit.
 */
static void a_floor_that_only_gctrace_shows(void **state)
{
    (void)state;
    struct service s = steady();
    s.no_heap = s.no_goroutines = s.no_memstats = s.no_rss = true;
    s.heap[2] = (struct service_site){CACHE, linear, 256, false};
    says(s, MT_VERDICT_WATCH, "(heap)", "heap-growth");
    s.seconds = 3600;
    s.heap[2].bytes = hour;
    says(s, MT_VERDICT_LEAK, "(heap)", "heap-growth");
    const struct mt_assessment *a = service_assess(&captured, &s, "");
    assert_int_equal(a->verdict.confidence, MT_CONFIDENCE_LOW);
    assert_non_null(strstr(a->verdict.next, "heap profiles"));
    mt_arena_clear(&captured.arena);
}

static void growth_before_a_restart_still_counts(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){CACHE, linear, 256, false};
    s.snapshots = 14;
    s.restart_s = 200;
    says(s, MT_VERDICT_LEAK, SET, "container-growth");
    const struct mt_assessment *a = service_assess(&captured, &s, "");
    bool told = false;
    for (size_t i = 0; i < a->n_quality; i++)
        told = told || strcmp(a->quality[i].id, "restart-parts") == 0;
    assert_true(told);
    mt_arena_clear(&captured.arena);
}

static void what_is_suppressed_is_counted_and_left_out(void **state)
{
    (void)state;
    struct service s = steady();
    s.heap[2] = (struct service_site){CACHE, linear, 256, false};
    const char *text = "# known\nleak:cache.(*LRU)\n\ngoroutine:^shop$\nnonsense\n";
    const struct mt_assessment *a = service_assess(&captured, &s, text);
    assert_true(a->verdict.status != MT_VERDICT_LEAK);
    assert_null(found_in(a, SET));
    assert_int_equal(a->n_suppressions, 2);
    assert_string_equal(a->suppressions[0].pattern, "leak:cache.(*LRU)");
    assert_int_equal(a->suppressions[0].uses, 1);
    assert_int_equal(a->suppressions[1].uses, 0);
    bool told = false;
    for (size_t i = 0; i < a->n_quality; i++)
        told = told || strstr(a->quality[i].statement, "Line 5 of the suppressions");
    assert_true(told);
    mt_arena_clear(&captured.arena);
    a = service_assess(&captured, &s, "goroutine:cache.(*LRU)\n"); /* a heap site is none */
    assert_int_equal(a->verdict.status, MT_VERDICT_LEAK);
    mt_arena_clear(&captured.arena);
}

static double collectors(double t)
{
    return t < 60 ? 4 : 64 * floor(t / 60);
}

static void goroutines_of_the_runtime_are_no_suspects(void **state)
{
    (void)state;
    struct service s = steady();
    s.goroutines[0] =
        (struct service_site){"runtime.gopark runtime.gcBgMarkWorker", collectors, 0, false};
    for (s.seed = 1; s.seed <= SEEDS; s.seed++) {
        const struct mt_assessment *a = service_assess(&captured, &s, "");
        assert_null(found_in(a, "runtime.gcBgMarkWorker"));
        mt_arena_clear(&captured.arena);
    }
}

#define LOCK                                                                                       \
    "runtime.gopark sync.runtime_SemacquireMutex sync.(*Mutex).lockSlow sync.(*Mutex).Lock "       \
    "example.com/shop/ledger.(*Book).Post example.com/shop.Serve"

static double waiters(double t)
{
    return 40 + 2 * t;
}

static void a_queue_for_a_lock_is_seen_in_the_block_profile_too(void **state)
{
    (void)state;
    struct service s = steady();
    s.goroutines[0] = (struct service_site){LOCK, waiters, 0, false};
    s.contended = "sync.(*Mutex).Lock example.com/shop/ledger.(*Book).Post example.com/shop.Serve";
    says(s, MT_VERDICT_LEAK, "example.com/shop/ledger.(*Book).Post", "goroutine-block");
    s.seed = 1;
    const struct mt_assessment *a = service_assess(&captured, &s, "");
    const struct mt_finding *f = found_in(a, "example.com/shop/ledger.(*Book).Post");
    assert_string_equal(f->rule->id, "lock-pileup");
    double delay = 0;
    for (size_t i = 0; i < f->n_evidence; i++)
        if (strcmp(f->evidence[i].source, "block") == 0)
            delay = f->evidence[i].value;
    assert_true(delay == 12e9);
    mt_arena_clear(&captured.arena);
}

/* Five snapshots of 120 sites, each of which grows as much as its number says. */
static void of_very_many_sites_those_that_grow_most_are_suspects(void **state)
{
    (void)state;
    service_open(&captured);
    for (int at = 0; at < 5; at++) {
        struct mt_profile *p = service_profile(&captured, MT_PROFILE_HEAP, 60.0 * at, 2);
        p->types[0] = (struct mt_value_type){mt_intern_text(&captured.own, "inuse_objects"),
                                             mt_intern_text(&captured.own, "count")};
        p->types[1] = (struct mt_value_type){mt_intern_text(&captured.own, "inuse_space"),
                                             mt_intern_text(&captured.own, "bytes")};
        p->period = 1;
        mt_profile_choose_default(p);
        for (int i = 0; i < 120; i++) {
            int64_t objects = 1000 * (1 + at) + 10 * i * at;
            p->values[2 * i] = objects;
            p->values[2 * i + 1] = objects * 4096;
            service_stack(&captured, p,
                          mt_arena_printf(&captured.arena, "example.com/shop/p%d.Keep", i));
        }
    }
    const struct mt_assessment *a = service_judge(&captured, "");
    assert_int_equal(a->n_heap_sites, 120);
    assert_int_equal(a->n_findings, 100);
    assert_true(names(a->findings[0], "example.com/shop/p119.Keep"));
    assert_null(found_in(a, "example.com/shop/p19.Keep"));
    bool told = false;
    for (size_t i = 0; i < a->n_quality; i++)
        told = told || strcmp(a->quality[i].id, "many-sites") == 0;
    assert_true(told);
    mt_arena_clear(&captured.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_that_only_grows),
        cmocka_unit_test(slow_growth_under_noise),
        cmocka_unit_test(bursts_that_stay),
        cmocka_unit_test(goroutines_that_pile_up_without_any_heap_profile),
        cmocka_unit_test(what_the_go_at_hand_can_prove_is_the_next_step),
        cmocka_unit_test(memory_mapped_outside_of_the_heap),
        cmocka_unit_test(growth_that_begins_half_way),
        cmocka_unit_test(growth_under_a_load_that_swings),
        cmocka_unit_test(tickers_that_are_never_stopped),
        cmocka_unit_test(growth_in_code_of_others_alone),
        cmocka_unit_test(two_leaks_at_once_are_two_findings),
        cmocka_unit_test(a_floor_that_only_gctrace_shows),
        cmocka_unit_test(growth_before_a_restart_still_counts),
        cmocka_unit_test(what_is_suppressed_is_counted_and_left_out),
        cmocka_unit_test(goroutines_of_the_runtime_are_no_suspects),
        cmocka_unit_test(a_queue_for_a_lock_is_seen_in_the_block_profile_too),
        cmocka_unit_test(of_very_many_sites_those_that_grow_most_are_suspects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
