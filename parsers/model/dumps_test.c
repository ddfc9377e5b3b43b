/* SPDX-License-Identifier: Apache-2.0 */
/* Dumps and profiles of single goroutines, put together by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/model/clock.h"
#include "parsers/model/dumps.h"

#include <string.h>

static const int64_t T0 = 1795376100ll * MT_SECOND_NS; /* 2026-11-22 19:35:00 UTC */
static const int64_t MINUTE = 60 * MT_SECOND_NS;

enum { MOST = 8, GOROUTINES = 10 };
static struct mt_arena arena;
static struct mt_strings strings;
static struct mt_input inputs[MOST];
static size_t n_inputs;

static int fresh(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    mt_strings_init(&strings, &arena);
    memset(inputs, 0, sizeof inputs);
    n_inputs = 0;
    return 0;
}

/* Ten goroutines from that id on, all waiting that long. */
static struct mt_goroutine_dump *add(const char *path, bool from_profile, uint64_t first_id,
                                     int64_t wait_ns)
{
    struct mt_strings *own = MT_NEW(&arena, struct mt_strings);
    mt_strings_init(own, &arena);
    struct mt_capture *c = MT_NEW(&arena, struct mt_capture);
    mt_capture_init(c, &arena, own);
    inputs[n_inputs++] = (struct mt_input){.path = path,
                                           .format = from_profile ? "pprof" : "goroutine-dump",
                                           .capture = c,
                                           .start_ns = MT_NO_TIME,
                                           .end_ns = MT_NO_TIME};
    struct mt_goroutine_dump *d = mt_capture_add_dump(c);
    d->from_profile = from_profile;
    for (uint64_t i = GOROUTINES; i-- > 0;) { /* no order is promised */
        MT_RESERVE(&arena, d->goroutines, d->n_goroutines, d->cap_goroutines);
        d->goroutines[d->n_goroutines++] =
            (struct mt_goroutine){.id = first_id + i,
                                  .state = mt_intern_text(own, "chan receive"),
                                  .wait_ns = wait_ns,
                                  .first_label = d->n_labels};
        if (!from_profile || i % 2)
            continue;
        MT_RESERVE(&arena, d->labels, d->n_labels, d->cap_labels);
        d->labels[d->n_labels++] = (struct mt_label){.key = mt_intern_text(own, "tenant"),
                                                     .text = mt_intern_text(own, "acme")};
        d->goroutines[d->n_goroutines - 1].n_labels = 1;
    }
    return d;
}

static struct mt_goroutine_dump *add_profile(const char *path, int64_t time_ns, uint64_t first_id,
                                             int64_t wait_ns)
{
    struct mt_goroutine_dump *d = add(path, true, first_id, wait_ns);
    d->time_ns = time_ns;
    mt_clock_set(&d->clock, MT_CLOCK_SAME, 0, "its own");
    return d;
}

static const struct mt_bundle *join(void)
{
    return mt_bundle_join(&arena, &strings, "by hand", inputs, n_inputs, 0);
}

static void one_moment_is_one_dump_with_time_and_labels(void **state)
{
    (void)state;
    const struct mt_goroutine_dump *text = add("dump.txt", false, 101, 5 * MINUTE);
    add_profile("single.pb.gz", T0, 100, 5 * MINUTE);
    const struct mt_bundle *b = join();
    assert_int_equal(b->n_dumps, 1);
    assert_ptr_equal(b->dumps[0], text);
    assert_int_equal(text->time_ns, T0);
    assert_int_equal(text->n_labels, 4); /* of 102, 104, 106 and 108 */
    for (size_t i = 0; i < GOROUTINES; i++) {
        const struct mt_goroutine *g = &text->goroutines[i];
        assert_int_equal(g->n_labels, g->id % 2 == 0 && g->id < 110);
        if (g->n_labels)
            assert_string_equal(mt_string_text(b->strings, text->labels[g->first_label].text),
                                "acme");
    }
}

static void other_goroutines_or_waits_are_another_moment(void **state)
{
    (void)state;
    const struct mt_goroutine_dump *later = add("later.txt", false, 100, 7 * MINUTE);
    const struct mt_goroutine_dump *others = add("others.txt", false, 104, 5 * MINUTE);
    add_profile("single.pb.gz", T0, 100, 5 * MINUTE);
    assert_int_equal(join()->n_dumps, 3);
    assert_null(later->twin);
    assert_null(others->twin);
    assert_int_equal(later->n_labels, 0);
}

static void a_profile_has_one_twin_and_it_is_the_most_like_it(void **state)
{
    (void)state;
    const struct mt_goroutine_dump *near = add("near.txt", false, 101, 0);
    const struct mt_goroutine_dump *nearer = add("nearer.txt", false, 200, 0);
    const struct mt_goroutine_dump *one = add_profile("one.pb.gz", T0, 100, 0);
    const struct mt_goroutine_dump *two = add_profile("two.pb.gz", T0 + MINUTE, 200, 0);
    const struct mt_goroutine_dump *unlike = add("unlike.txt", false, 201, 0);
    assert_int_equal(join()->n_dumps, 3);
    assert_ptr_equal(near->twin, one);
    assert_ptr_equal(nearer->twin, two);
    assert_int_equal(nearer->time_ns, T0 + MINUTE);
    assert_null(unlike->twin);
}

static void a_dump_with_another_time_keeps_it(void **state)
{
    (void)state;
    struct mt_goroutine_dump *text = add("dump.txt", false, 100, 0);
    text->time_ns = T0 + MINUTE;
    mt_clock_set(&text->clock, MT_CLOCK_SAME, 0, "its own");
    add_profile("single.pb.gz", T0, 100, 0);
    assert_int_equal(join()->n_dumps, 2);
    assert_int_equal(text->time_ns, T0 + MINUTE);
    assert_int_equal(text->n_labels, 0);
}

static void panics_and_leak_forms_have_no_twin(void **state)
{
    (void)state;
    add("panic.txt", false, 100, 0)->from_panic = true;
    add("leaks.txt", false, 100, 0)->leak_form = true;
    add("empty.txt", false, 100, 0)->n_goroutines = 0;
    const struct mt_goroutine_dump *p = add_profile("single.pb.gz", T0, 100, 0);
    assert_int_equal(join()->n_dumps, 4);
    assert_null(p->twin);
}

static int clear(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, fresh)
    const struct CMUnitTest tests[] = {
        TEST(one_moment_is_one_dump_with_time_and_labels),
        TEST(other_goroutines_or_waits_are_another_moment),
        TEST(a_profile_has_one_twin_and_it_is_the_most_like_it),
        TEST(a_dump_with_another_time_keeps_it),
        TEST(panics_and_leak_forms_have_no_twin),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
