/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/model/capture.h"

/* Fills every string field of every part with an id of its own, so a field that is left out keeps
 * an id that means another text (or none) in the bundle's table. */
struct ids {
    struct mt_strings *strings;
    uint32_t *fields[128];
    size_t n;
};

static void put(struct ids *ids, uint32_t *field)
{
    char text[] = "text 000";
    size_t n = ids->n;
    text[5] = (char)('0' + n / 100);
    text[6] = (char)('0' + n / 10 % 10);
    text[7] = (char)('0' + n % 10);
    *field = mt_intern_text(ids->strings, text);
    ids->fields[ids->n++] = field;
}

static void fill_profile(struct ids *ids, struct mt_arena *a, struct mt_profile *p)
{
    p->n_types = p->n_mappings = p->n_functions = p->n_comments = p->n_labels = 1;
    p->types = MT_NEW(a, struct mt_value_type);
    p->mappings = MT_NEW(a, struct mt_mapping);
    p->functions = MT_NEW(a, struct mt_function);
    p->comments = MT_NEW(a, uint32_t);
    p->labels = MT_NEW(a, struct mt_label);
    uint32_t *fields[] = {&p->period_type.type,   &p->period_type.unit, &p->default_type,
                          &p->drop_frames,        &p->keep_frames,      &p->doc_url,
                          &p->types->type,        &p->types->unit,      &p->mappings->file,
                          &p->mappings->build_id, &p->functions->name,  &p->functions->system_name,
                          &p->functions->file,    p->comments,          &p->labels->key,
                          &p->labels->text,       &p->labels->unit};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        put(ids, fields[i]);
}

static void fill_dump(struct ids *ids, struct mt_arena *a, struct mt_goroutine_dump *d)
{
    d->n_goroutines = d->n_frames = d->n_labels = 1;
    d->goroutines = MT_NEW(a, struct mt_goroutine);
    d->frames = MT_NEW(a, struct mt_dump_frame);
    d->labels = MT_NEW(a, struct mt_label);
    uint32_t *fields[] = {&d->goroutines->state,
                          &d->goroutines->created_by.function,
                          &d->goroutines->created_by.file,
                          &d->frames->function,
                          &d->frames->file,
                          &d->labels->key,
                          &d->labels->text,
                          &d->labels->unit};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        put(ids, fields[i]);
}

static void fill_trace(struct ids *ids, struct mt_arena *a, struct mt_trace *t)
{
    t->n_sites = t->n_blocks = t->n_syscalls = t->n_stops = t->n_regions = t->n_logs = 1;
    t->sites = MT_NEW(a, struct mt_trace_site);
    t->blocks = MT_NEW(a, struct mt_trace_block);
    t->syscalls = MT_NEW(a, struct mt_trace_block);
    t->stops = MT_NEW(a, struct mt_trace_stop);
    t->regions = MT_NEW(a, struct mt_trace_region);
    t->logs = MT_NEW(a, struct mt_trace_log);
    uint32_t *fields[] = {&t->go_version,          &t->sites->creator,
                          &t->sites->creator_file, &t->sites->start_function,
                          &t->sites->wait_reason,  &t->sites->wait_function,
                          &t->sites->wait_file,    &t->blocks->reason,
                          &t->blocks->function,    &t->syscalls->reason,
                          &t->syscalls->function,  &t->stops->reason,
                          &t->regions->name,       &t->logs->category,
                          &t->logs->message};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        put(ids, fields[i]);
}

static void moves_every_text_of_every_part_to_the_bundles_table(void **state)
{
    (void)state;
    struct mt_arena own_arena = {0}, bundle_arena = {0};
    struct mt_strings own, bundle;
    mt_strings_init(&own, &own_arena);
    mt_strings_init(&bundle, &bundle_arena);
    struct mt_capture c;
    mt_capture_init(&c, &own_arena, &own);
    struct ids ids = {.strings = &own};

    fill_profile(&ids, &own_arena, mt_capture_add_profile(&c, MT_PROFILE_HEAP));
    fill_dump(&ids, &own_arena, mt_capture_add_dump(&c));
    c.trace = MT_NEW(&own_arena, struct mt_trace);
    fill_trace(&ids, &own_arena, c.trace);
    struct mt_gc_log *log = mt_capture_add_gc_log(&c, "jvm-gc");
    MT_RESERVE(&own_arena, log->cycles, log->n_cycles, log->cap_cycles);
    log->n_cycles = 1;
    struct mt_request *r = mt_capture_add_request(&c);
    struct mt_manifest *m = c.manifest = MT_NEW(&own_arena, struct mt_manifest);
    m->n_labels = m->n_offsets = 1;
    m->labels = MT_NEW(&own_arena, struct mt_label_pair);
    m->offsets = mt_arena_take(&own_arena, 1, sizeof *m->offsets);
    uint32_t *fields[] = {&log->collector, &log->cycles->cause, &r->name,
                          &r->kind,        &r->service,         &m->service,
                          &m->build,       &m->go_version,      &m->module,
                          &m->labels->key, &m->labels->value,   &m->offsets->path};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        put(&ids, fields[i]);

    /* other texts first, and one the file has too: ids differ, texts are shared */
    mt_intern_text(&bundle, "someone else's");
    uint32_t shared = mt_intern_text(&bundle, "text 004");
    mt_capture_rebase(&c, &bundle);
    assert_ptr_equal(c.strings, &bundle);
    assert_int_equal(*ids.fields[4], shared);
    for (size_t i = 0; i < ids.n; i++) {
        char expected[] = "text 000";
        expected[5] = (char)('0' + i / 100);
        expected[6] = (char)('0' + i / 10 % 10);
        expected[7] = (char)('0' + i % 10);
        assert_string_equal(mt_string_text(&bundle, *ids.fields[i]), expected);
    }
    mt_arena_clear(&own_arena);
    mt_arena_clear(&bundle_arena);
}

static void keeps_the_empty_text_empty(void **state)
{
    (void)state;
    struct mt_arena a = {0};
    struct mt_strings own, bundle;
    mt_strings_init(&own, &a);
    mt_strings_init(&bundle, &a);
    mt_intern_text(&bundle, "taken");
    struct mt_capture c;
    mt_capture_init(&c, &a, &own);
    struct mt_request *r = mt_capture_add_request(&c);
    r->kind = 77; /* no such id */
    mt_capture_rebase(&c, &bundle);
    assert_int_equal(r->name, 0);
    assert_int_equal(r->kind, 0);
    mt_arena_clear(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_every_text_of_every_part_to_the_bundles_table),
        cmocka_unit_test(keeps_the_empty_text_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
