/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gen/profile.pb-c.h"
#include "parsers/formats/profile/for_tests.h"
#include "parsers/model/top.h"

extern const struct mt_reader mt_reader_pprof, mt_reader_goroutine_dump;

static const char *const samples[] = {
    "testdata/pprof/heap.pb.gz",         "testdata/pprof/allocs.pb.gz",
    "testdata/pprof/goroutine.pb.gz",    "testdata/pprof/goroutineleak.pb.gz",
    "testdata/pprof/block.pb.gz",        "testdata/pprof/mutex.pb.gz",
    "testdata/pprof/threadcreate.pb.gz", "testdata/pprof/cpu.pb",
};
enum { N_SAMPLES = sizeof samples / sizeof *samples };

static struct fixture f;

static const struct mt_profile *only_profile(void)
{
    assert_int_equal(f.capture.n_profiles, 1);
    return &f.capture.profiles[0];
}

/* ---- what the samples hold, by `go tool pprof -raw` and -top ---- */

static void tells_the_kind_from_the_content(void **state)
{
    (void)state;
    static const enum mt_profile_kind kinds[N_SAMPLES] = {
        MT_PROFILE_HEAP,  MT_PROFILE_ALLOCS, MT_PROFILE_GOROUTINE,    MT_PROFILE_GOROUTINELEAK,
        MT_PROFILE_BLOCK, MT_PROFILE_MUTEX,  MT_PROFILE_THREADCREATE, MT_PROFILE_CPU,
    };
    for (size_t i = 0; i < N_SAMPLES; i++) {
        fixture_load(&f, &mt_reader_pprof, samples[i]);
        assert_int_equal(only_profile()->kind, kinds[i]);
    }
}

static void totals_are_those_of_go(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        size_t n_samples, n_locations, n_functions;
        int64_t total, period, time_ns; /* the last type's total */
        const char *top;                /* the largest flat of the default type */
        int64_t flat;
    } known[] = {
        {"testdata/pprof/heap.pb.gz", 16, 22, 19, 3818011, 524288, 1795374382557727804,
         "git.example.com/platform/gateway/internal/api.makeProduct", 1573176},
        {"testdata/pprof/allocs.pb.gz", 22, 40, 36, 102600270, 524288, 1795375091668576854,
         "shop/internal/tables.nightly", 71465227},
        {"testdata/pprof/goroutine.pb.gz", 8, 41, 41, 19, 1, 1795375620395481385, "runtime.gopark",
         16},
        {"testdata/pprof/block.pb.gz", 8, 29, 29, 273083370553, 1, 1795374349938582357,
         "runtime.chanrecv2", 263003335610},
        {"testdata/pprof/cpu.pb", 9, 57, 53, 90000000, 10000000, 1795374620958127245,
         "encoding/json.stateEndValue", 10000000},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        fixture_load(&f, &mt_reader_pprof, known[i].path);
        const struct mt_profile *p = only_profile();
        assert_int_equal(p->n_samples, known[i].n_samples);
        assert_int_equal(p->n_locations, known[i].n_locations);
        assert_int_equal(p->n_functions, known[i].n_functions);
        assert_int_equal(p->period, known[i].period);
        assert_int_equal(p->time_ns, known[i].time_ns);
        struct mt_top *tops = mt_profile_top(&f.arena, &f.strings, p, 1);
        assert_int_equal(tops[p->n_types - 1].total, known[i].total);
        assert_true(mt_span_is(tops[p->default_index].by_flat[0].name, known[i].top));
        assert_int_equal(tops[p->default_index].by_flat[0].flat, known[i].flat);
    }
}

/* ---- the hand-written decoder and protobuf-c say the same ---- */

static void same_string(const Mt__Pprof__Profile *want, int64_t index, uint32_t id)
{
    assert_in_range(index, 0, want->n_string_table - 1);
    ProtobufCBinaryData text = want->string_table[index];
    assert_true(mt_span_equal(string_of(&f, id), (struct mt_span){text.data, text.len}));
}

static void same_sample(const Mt__Pprof__Profile *want, const struct mt_profile *p, size_t i)
{
    const Mt__Pprof__Sample *a = want->sample[i];
    const struct mt_sample *b = &p->samples[i];
    assert_int_equal(a->n_location_id, b->n_frames);
    for (size_t k = 0; k < a->n_location_id; k++)
        assert_int_equal(a->location_id[k], p->locations[p->frames[b->first_frame + k]].id);
    assert_int_equal(a->n_value, p->n_types);
    assert_memory_equal(a->value, p->values + i * p->n_types, p->n_types * sizeof(int64_t));
    assert_int_equal(a->n_label, b->n_labels);
    for (size_t k = 0; k < a->n_label; k++) {
        const struct mt_label *label = &p->labels[b->first_label + k];
        same_string(want, a->label[k]->key, label->key);
        same_string(want, a->label[k]->str, label->text);
        same_string(want, a->label[k]->num_unit, label->unit);
        assert_int_equal(a->label[k]->num, label->number);
    }
}

static void same_location(const Mt__Pprof__Location *a, const struct mt_profile *p,
                          const struct mt_location *b)
{
    assert_int_equal(a->id, b->id);
    assert_int_equal(a->address, b->address);
    assert_int_equal(a->mapping_id, b->mapping == MT_NO_INDEX ? 0 : p->mappings[b->mapping].id);
    assert_int_equal(a->n_line, b->n_lines);
    for (size_t k = 0; k < a->n_line; k++) {
        const struct mt_line *line = &p->lines[b->first_line + k];
        assert_int_equal(a->line[k]->function_id, p->functions[line->function].id);
        assert_int_equal(a->line[k]->line, line->line);
    }
}

static void same_tables(const Mt__Pprof__Profile *want, const struct mt_profile *p)
{
    assert_int_equal(want->n_location, p->n_locations);
    for (size_t i = 0; i < p->n_locations; i++)
        same_location(want->location[i], p, &p->locations[i]);
    assert_int_equal(want->n_function, p->n_functions);
    for (size_t i = 0; i < p->n_functions; i++) {
        assert_int_equal(want->function[i]->id, p->functions[i].id);
        same_string(want, want->function[i]->name, p->functions[i].name);
        same_string(want, want->function[i]->system_name, p->functions[i].system_name);
        same_string(want, want->function[i]->filename, p->functions[i].file);
        assert_int_equal(want->function[i]->start_line, p->functions[i].start_line);
    }
    assert_int_equal(want->n_mapping, p->n_mappings);
    for (size_t i = 0; i < p->n_mappings; i++) {
        assert_int_equal(want->mapping[i]->id, p->mappings[i].id);
        assert_int_equal(want->mapping[i]->memory_start, p->mappings[i].start);
        assert_int_equal(want->mapping[i]->memory_limit, p->mappings[i].limit);
        assert_int_equal(want->mapping[i]->file_offset, p->mappings[i].offset);
        same_string(want, want->mapping[i]->filename, p->mappings[i].file);
        same_string(want, want->mapping[i]->build_id, p->mappings[i].build_id);
        assert_int_equal(want->mapping[i]->has_functions, p->mappings[i].has_functions);
    }
}

static void agrees_with_protobuf_c(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        struct mt_span bytes = load(samples[i]);
        assert_true(fixture_read(&f, &mt_reader_pprof, bytes));
        const struct mt_profile *p = only_profile();
        Mt__Pprof__Profile *want = mt__pprof__profile__unpack(NULL, bytes.size, bytes.data);
        assert_non_null(want);
        assert_int_equal(want->n_sample_type, p->n_types);
        for (size_t k = 0; k < p->n_types; k++) {
            same_string(want, want->sample_type[k]->type, p->types[k].type);
            same_string(want, want->sample_type[k]->unit, p->types[k].unit);
        }
        assert_int_equal(want->n_sample, p->n_samples);
        for (size_t k = 0; k < p->n_samples; k++)
            same_sample(want, p, k);
        same_tables(want, p);
        assert_int_equal(want->time_nanos, p->raw_time_ns);
        assert_int_equal(want->duration_nanos, p->duration_ns);
        assert_int_equal(want->period, p->period);
        same_string(want, want->period_type->type, p->period_type.type);
        same_string(want, want->default_sample_type, p->default_type);
        mt__pprof__profile__free_unpacked(want, NULL);
        unload(bytes);
    }
}

/* ---- damage ---- */

static void survives_every_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        struct mt_span bytes = load(samples[i]);
        size_t refused = 0;
        for (size_t size = 0; size < bytes.size; size++) {
            bool good = fixture_read(&f, &mt_reader_pprof, mt_span_sub(bytes, 0, size));
            refused += !good;
            assert_true(good || f.err.offset <= size);
            assert_int_equal(f.capture.n_profiles, good);
        }
        assert_true(refused > bytes.size / 2);
        unload(bytes);
    }
}

static void survives_every_flipped_bit(void **state)
{
    (void)state;
    struct mt_span bytes = load("testdata/pprof/mutex.pb.gz");
    unsigned char *bent = malloc(bytes.size);
    assert_non_null(bent);
    for (size_t bit = 0; bit < bytes.size * 8; bit++) {
        memcpy(bent, bytes.data, bytes.size);
        bent[bit / 8] ^= (unsigned char)(1u << bit % 8);
        if (fixture_read(&f, &mt_reader_pprof, (struct mt_span){bent, bytes.size}))
            mt_profile_top(&f.arena, &f.strings, only_profile(), 25);
    }
    free(bent);
    unload(bytes);
}

/* A good profile of one sample, main.f at one location, that each case below spoils. */
static void put_tables(struct mt_text *t)
{
    put_string(t, 6, "");
    put_string(t, 6, "objects");
    put_string(t, 6, "count");
    put_string(t, 6, "main.f");
    PUT(t, 1, 1, 1, 2, 2); /* sample type objects, count */
    PUT(t, 5, 1, 7, 2, 3); /* function 7: main.f */
    struct mt_text location = {0};
    put_number(&location, 1, 9);    /* location 9 */
    PUT(&location, 4, 1, 7, 2, 12); /* line 12 of function 7 */
    put_bytes(t, 4, location.data, location.size);
    mt_text_clear(&location);
}

static void expect(struct mt_text *t, const char *words)
{
    bool good = fixture_read(&f, &mt_reader_pprof, mt_text_view(t));
    if (!words && !good)
        fail_msg("byte %llu: %s", (unsigned long long)f.err.offset, f.err.what);
    if (words && (good || !strstr(f.err.what, words)))
        fail_msg("expected \"%s\", got \"%s\"", words, good ? "no error" : f.err.what);
    mt_text_clear(t);
}

static void reads_a_minimal_profile(void **state)
{
    (void)state;
    struct mt_text t = {0};
    PUT(&t, 2, 1, 9, 2, 5); /* the sample stands before all tables */
    put_tables(&t);
    expect(&t, NULL);
    const struct mt_profile *p = only_profile();
    assert_int_equal(p->n_samples, 1);
    assert_int_equal(p->values[0], 5);
    assert_string_is(&f, p->functions[p->lines[0].function].name, "main.f");
    assert_int_equal(p->lines[0].line, 12);
    assert_int_equal(p->time_ns, MT_NO_TIME);
    assert_int_equal(p->default_index, 0);
}

static void refuses_wrong_references(void **state)
{
    (void)state;
    struct mt_text t = {0};
    put_tables(&t), PUT(&t, 2, 1, 8, 2, 5);
    expect(&t, "location 8, which is not in the file");
    put_tables(&t), PUT(&t, 2, 1, 0, 2, 5);
    expect(&t, "location 0");
    put_tables(&t), PUT(&t, 4, 1, UINT64_MAX), PUT(&t, 2, 1, UINT64_MAX - 1, 2, 5);
    expect(&t, "location 18446744073709551614");
    put_tables(&t), PUT(&t, 5, 1, 8, 2, 4);
    expect(&t, "string 4 is named, the table has 4");
    put_tables(&t), PUT(&t, 5, 1, 8, 2, UINT64_MAX);
    expect(&t, "string -1 is named");
    struct mt_text location = {0};
    put_number(&location, 1, 10), PUT(&location, 4, 1, 6);
    put_tables(&t), put_bytes(&t, 4, location.data, location.size);
    expect(&t, "function 6, which is not in the file");
    mt_text_clear(&location);
}

static void refuses_ids_that_are_zero_or_taken(void **state)
{
    (void)state;
    struct mt_text t = {0};
    put_tables(&t), PUT(&t, 5, 1, 0, 2, 3);
    expect(&t, "a function has the id 0");
    put_tables(&t), PUT(&t, 5, 1, 7, 2, 3);
    expect(&t, "two functions have the id 7");
    put_tables(&t), PUT(&t, 4, 1, 9);
    expect(&t, "two locations have the id 9");
    put_tables(&t), PUT(&t, 4, 3, 1);
    expect(&t, "a location has the id 0");
    put_tables(&t), PUT(&t, 3, 1, 1ull << 40), PUT(&t, 3, 1, 1ull << 40);
    expect(&t, "two mappings have the id 1099511627776");
    put_tables(&t), PUT(&t, 3, 2, 1);
    expect(&t, "a mapping has the id 0");
}

static void refuses_what_does_not_add_up(void **state)
{
    (void)state;
    struct mt_text t = {0};
    expect(&t, "nothing there");
    put_tables(&t), PUT(&t, 2, 1, 9, 2, 5, 2, 6);
    expect(&t, "2 values, the profile 1 sample types");
    put_tables(&t), PUT(&t, 2, 1, 9);
    expect(&t, "0 values");
    put_string(&t, 6, ""), PUT(&t, 2, 1, 9, 2, 5);
    expect(&t, "no sample types");
    PUT(&t, 1, 1, 0);
    expect(&t, "no string table");
    put_string(&t, 6, "objects");
    expect(&t, "first string of the table is not empty");
    put_tables(&t), put_number(&t, 9, 1), put_number(&t, 9, 2);
    expect(&t, "two profiles one after the other");
    put_tables(&t), put_tables(&t);
    expect(&t, "two functions have the id 7");
}

static void refuses_broken_wire(void **state)
{
    (void)state;
    struct mt_text t = {0};
    put_tables(&t), mt_text_bytes(&t, "\x13", 1);
    expect(&t, "unknown wire type");
    put_tables(&t), mt_text_bytes(&t, "\x12\x7f", 2);
    expect(&t, "longer than what remains");
    put_tables(&t), mt_text_bytes(&t, "\x48\xff", 2);
    expect(&t, "cut off");
    put_tables(&t), mt_text_bytes(&t, "\x48\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 12);
    expect(&t, "longer than ten bytes");
    put_tables(&t), put_string(&t, 9, "time");
    expect(&t, "field 9 of a profile has wire type 2");
    put_tables(&t), put_number(&t, 2, 1);
    expect(&t, "field 2 of a profile has wire type 0");
    put_tables(&t), put_number(&t, 99, 1), put_string(&t, 98, "unknown fields pass");
    expect(&t, NULL);
}

static void refuses_tables_that_do_not_fit_the_file(void **state)
{
    (void)state;
    struct mt_text t = {0};
    put_string(&t, 6, "");
    for (int i = 0; i < 900; i++) {
        PUT(&t, 1, 1, 0);
        put_bytes(&t, 2, "", 0);
    }
    expect(&t, "cannot hold 900 values each");
    put_string(&t, 6, "");
    for (int i = 0; i < 20000; i++)
        PUT(&t, 1, 1, 0);
    expect(&t, "20000 sample types, at most 1000 are read");
    put_tables(&t);
    struct mt_text stack = {0}, packed = {0};
    for (int i = 0; i < 70000; i++)
        put_varint(&packed, 9);
    put_bytes(&stack, 1, packed.data, packed.size);
    put_bytes(&t, 2, stack.data, stack.size);
    expect(&t, "a stack of 70000 frames");
    mt_text_clear(&stack);
    mt_text_clear(&packed);
}

static void keeps_names_of_any_bytes_and_deep_stacks(void **state)
{
    (void)state;
    struct mt_text t = {0}, stack = {0}, packed = {0};
    put_tables(&t);
    put_bytes(&t, 6, "a\0b\xff", 4);
    PUT(&t, 5, 1, 8, 2, 4);
    for (int i = 0; i < 2000; i++)
        put_varint(&packed, 9);
    put_bytes(&stack, 1, packed.data, packed.size);
    put_number(&stack, 2, (uint64_t)INT64_MIN);
    put_bytes(&t, 2, stack.data, stack.size);
    expect(&t, NULL);
    const struct mt_profile *p = only_profile();
    assert_int_equal(string_of(&f, p->functions[1].name).size, 4);
    assert_memory_equal(string_of(&f, p->functions[1].name).data, "a\0b\xff", 4);
    assert_int_equal(p->samples[0].n_frames, 2000);
    struct mt_top *top = mt_profile_top(&f.arena, &f.strings, p, 0);
    assert_int_equal(top->by_cum[0].cum, INT64_MIN); /* once, however often it recurs */
    assert_int_equal(top->total_abs, INT64_MIN);
    mt_text_clear(&stack);
    mt_text_clear(&packed);
}

static void drops_labels_that_say_nothing(void **state)
{
    (void)state;
    struct mt_text t = {0}, sample = {0};
    put_tables(&t);
    put_string(&t, 6, ""); /* string 4 is empty once more */
    put_number(&sample, 1, 9), put_number(&sample, 2, 1);
    PUT(&sample, 3, 1, 1, 3, 0);       /* number 0 without a unit: none */
    PUT(&sample, 3, 1, 1, 2, 4);       /* a text of no characters */
    PUT(&sample, 3, 1, 1, 3, 0, 4, 2); /* number 0 with a unit */
    PUT(&sample, 3, 1, 1, 2, 3, 3, 8); /* a text; the number is ignored */
    put_bytes(&t, 2, sample.data, sample.size);
    expect(&t, NULL);
    const struct mt_profile *p = only_profile();
    assert_int_equal(p->samples[0].n_labels, 3);
    assert_true(mt_label_is_text(&p->labels[0]));
    assert_false(mt_label_is_text(&p->labels[1]));
    assert_string_is(&f, p->labels[1].unit, "count");
    assert_string_is(&f, p->labels[2].text, "main.f");
    assert_int_equal(p->labels[2].number, 0);
    mt_text_clear(&sample);
}

static void recognises_profiles_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        struct mt_span bytes = load(samples[i]);
        assert_int_equal(mt_reader_pprof.sniff(bytes), MT_CERTAIN);
        assert_int_equal(mt_reader_pprof.sniff(mt_span_sub(bytes, 0, 100)), MT_CERTAIN);
        unload(bytes);
    }
    static const char *const others[] = {
        "heap profile: 1: 2 [3: 4] @ heap/524288\n",
        "goroutine profile: total 3\n",
        "",
        "go 1.22 trace\0\0\0",
        "<!DOCTYPE html>\n",
        "{\"HeapAlloc\": 1}\n",
        "gc 1 @0.011s 2%: 0.1+1.2+0.3 ms clock\n",
        "\n\n\n",
        "2026-11-22 19:35:06 started\n",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(mt_reader_pprof.sniff(mt_span_of(others[i])), MT_NO);
}

static int clear(void **state)
{
    (void)state;
    fixture_clear(&f);
    return 0;
}

/* debug=3 and debug=2 of one moment, served by a Go with CockroachDB's patch. */
static void a_profile_of_single_goroutines_is_a_dump_too(void **state)
{
    (void)state;
    fixture_load(&f, &mt_reader_pprof, "testdata/pprof/goroutine-single.pb.gz");
    const struct mt_profile *p = only_profile();
    assert_int_equal(p->n_samples, 18);
    assert_int_equal(f.capture.n_dumps, 1);
    const struct mt_goroutine_dump *d = &f.capture.dumps[0];
    assert_int_equal(d->n_goroutines, 18);
    assert_true(d->from_profile);
    assert_true(d->time_ns == p->time_ns);
    static struct fixture text;
    fixture_load(&text, &mt_reader_goroutine_dump,
                 "testdata/goroutine-dump/debug2-of-goroutine-single.txt");
    const struct mt_goroutine_dump *other = &text.capture.dumps[0];
    assert_int_equal(other->n_goroutines, 18);
    assert_false(other->from_profile);
    /* the first served the request and the last watches its connection: each dump has its own */
    for (size_t i = 1; i < 17; i++) {
        const struct mt_goroutine *g = &d->goroutines[i], *same = &other->goroutines[i];
        assert_int_equal(g->id, same->id);
        assert_int_equal(g->creator_id, same->creator_id);
        assert_int_equal(g->wait_ns, same->wait_ns);
        assert_string_equal(mt_string_text(&f.strings, g->state),
                            mt_string_text(&text.strings, same->state));
        const struct mt_dump_frame *root = &d->frames[g->first_frame + g->n_frames - 1];
        const struct mt_dump_frame *same_root =
            &other->frames[same->first_frame + same->n_frames - 1];
        if (g->id == 1) /* a profile has the runtime's frames, too */
            root--;
        assert_string_equal(mt_string_text(&f.strings, root->function),
                            mt_string_text(&text.strings, same_root->function));
        assert_int_equal(root->line, same_root->line);
    }
    assert_int_equal(d->goroutines[17].n_frames, 0); /* it has not run yet */
    fixture_clear(&text);
    const struct mt_goroutine *sending = &d->goroutines[5];
    assert_int_equal(sending->id, 10);
    assert_int_equal(sending->n_labels, 2); /* only the program's own are left */
    assert_int_equal(p->samples[5].n_labels, 2);
    assert_string_is(&f, d->labels[sending->first_label].key, "route");
    assert_string_is(&f, d->labels[sending->first_label + 1].text, "globex");
}

static void put_goroutine(struct mt_text *t, uint64_t count, uint64_t id, uint64_t minutes)
{
    struct mt_text sample = {0};
    put_number(&sample, 2, count);
    if (id)
        PUT(&sample, 3, 1, 3, 3, id);
    PUT(&sample, 3, 1, 4, 3, minutes);
    put_bytes(t, 2, sample.data, sample.size);
    mt_text_clear(&sample);
}

static void absurd_goroutines_are_none(void **state)
{
    (void)state;
    struct mt_text t = {0};
    static const char *const strings[] = {"", "goroutine", "count", "go::goroutine",
                                          "go::goroutine_wait_minutes"};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        put_string(&t, 6, strings[i]);
    PUT(&t, 1, 1, 1, 2, 2);
    put_goroutine(&t, 1, 7, 2);
    put_goroutine(&t, 5, 8, 2);          /* a group */
    put_goroutine(&t, 1, 0, 2);          /* no id */
    put_goroutine(&t, 1, UINT64_MAX, 2); /* -1 */
    put_goroutine(&t, 1, 9, INT64_MAX);  /* more minutes than there are */
    put_goroutine(&t, 1, 10, UINT64_MAX);
    put_goroutine(&t, UINT64_MAX, 11, 1);
    assert_true(fixture_read(&f, &mt_reader_pprof,
                             (struct mt_span){(const unsigned char *)t.data, t.size}));
    mt_text_clear(&t);
    assert_int_equal(only_profile()->n_samples, 7);
    assert_int_equal(f.capture.n_dumps, 1);
    const struct mt_goroutine_dump *d = &f.capture.dumps[0];
    static const struct {
        uint64_t id;
        int64_t wait_ns;
    } left[] = {{7, 120 * MT_SECOND_NS}, {9, 0}, {10, 0}};
    assert_int_equal(d->n_goroutines, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(d->goroutines[i].id, left[i].id);
        assert_int_equal(d->goroutines[i].wait_ns, left[i].wait_ns);
    }
}

/* A profile that goref wrote of a small program of 240 sessions; figures of go tool pprof -raw. */
static void paths_of_references_are_told_from_a_heap(void **state)
{
    (void)state;
    fixture_load(&f, &mt_reader_pprof, "testdata/pprof/references.pb.gz");
    const struct mt_profile *p = only_profile();
    assert_int_equal(p->kind, MT_PROFILE_REFERENCES);
    assert_int_equal(p->n_samples, 100);
    struct mt_top *tops = mt_profile_top(&f.arena, &f.strings, p, 1);
    assert_int_equal(tops[0].total, 1802);
    assert_int_equal(tops[1].total, 3835008);
    assert_true(mt_span_is(tops[1].by_cum[0].name, "main.sessions"));
    assert_true(mt_span_is(tops[1].by_flat[0].name, "[3]. ([]uint8)"));
    assert_int_equal(tops[1].by_flat[0].flat, 239 * 8192); /* of the last, the path is another */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_of_single_goroutines_is_a_dump_too),
        cmocka_unit_test(absurd_goroutines_are_none),
        cmocka_unit_test(paths_of_references_are_told_from_a_heap),
        cmocka_unit_test(tells_the_kind_from_the_content),
        cmocka_unit_test(totals_are_those_of_go),
        cmocka_unit_test(agrees_with_protobuf_c),
        cmocka_unit_test(survives_every_cut),
        cmocka_unit_test(survives_every_flipped_bit),
        cmocka_unit_test(reads_a_minimal_profile),
        cmocka_unit_test(refuses_wrong_references),
        cmocka_unit_test(refuses_ids_that_are_zero_or_taken),
        cmocka_unit_test(refuses_what_does_not_add_up),
        cmocka_unit_test(refuses_broken_wire),
        cmocka_unit_test(refuses_tables_that_do_not_fit_the_file),
        cmocka_unit_test(keeps_names_of_any_bytes_and_deep_stacks),
        cmocka_unit_test(drops_labels_that_say_nothing),
        cmocka_unit_test(recognises_profiles_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
