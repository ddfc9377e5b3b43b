/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/renderer.h"
#include "report/view/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

/* Action and document in turn, parsed. */
struct lines {
    json_t *items[640];
    size_t n;
};

struct catcher {
    struct mt_outputs base;
    struct mt_text text;
};

static bool take(struct mt_outputs *self, const char *name, struct mt_span bytes)
{
    struct catcher *c = (struct catcher *)self;
    assert_string_equal(name, "opensearch.ndjson");
    mt_text_span(&c->text, bytes);
    return true;
}

static struct lines rendered(struct mt_fixture *f, const struct mt_view_options *options)
{
    struct catcher c = {.base = {.file = take}};
    struct mt_err err = {0};
    struct mt_view *view = mt_view_of_report(&f->arena, &f->assessment, options);
    assert_true(mt_renderer_named("opensearch")->render(view, &c.base, &err));
    struct mt_span rest = mt_text_view(&c.text), line;
    assert_true(mt_span_ends(rest, "\n"));
    struct lines out = {0};
    while (mt_span_split(&rest, '\n', &line)) {
        json_error_t why;
        json_t *v = json_loadb((const char *)line.data, line.size, JSON_REJECT_DUPLICATES, &why);
        if (!v)
            fail_msg("line %zu: %s at byte %d", out.n + 1, why.text, why.position);
        out.items[out.n++] = v;
    }
    mt_text_clear(&c.text);
    assert_int_equal(out.n % 2, 0);
    return out;
}

static void drop(struct lines *l)
{
    for (size_t i = 0; i < l->n; i++)
        json_decref(l->items[i]);
}

static const char *text(json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static json_t *action(const struct lines *l, size_t document)
{
    json_t *index = json_object_get(l->items[2 * document], "index");
    assert_non_null(index);
    return index;
}

static json_t *document(const struct lines *l, size_t i)
{
    return l->items[2 * i + 1];
}

static void a_document_a_finding_and_a_point_with_ids_of_their_own(void **state)
{
    (void)state;
    struct mt_fixture f;
    mt_fixture_init(&f);
    struct lines l = rendered(&f, NULL);
    assert_int_equal(l.n / 2, 1 + 4);
    assert_string_equal(text(action(&l, 0), "_index"), "memtriage-findings");
    for (size_t i = 1; i < 5; i++)
        assert_string_equal(text(action(&l, i), "_index"), "memtriage-series");
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(text(action(&l, i), "_id"), text(action(&l, k), "_id"));
    assert_string_equal(text(document(&l, 0), "@timestamp"), "1970-01-01T00:03:00Z");
    assert_string_equal(text(document(&l, 0), "status"), "leak");
    assert_string_equal(text(document(&l, 2), "@timestamp"), "1970-01-01T00:01:00Z");
    assert_int_equal(json_integer_value(json_object_get(document(&l, 4), "value")), 134 << 20);
    assert_string_equal(text(document(&l, 4), "name"), "HeapAlloc");
    assert_string_equal(text(document(&l, 4), "clock"), "same clock");
    drop(&l);
    mt_fixture_clear(&f);
}

static void equal_findings_keep_ids_apart_and_the_same_bundle_has_the_same(void **state)
{
    (void)state;
    struct mt_fixture f;
    mt_fixture_init(&f);
    struct mt_finding *twice[] = {&f.finding, &f.finding};
    f.assessment.findings = twice;
    f.assessment.n_findings = 2;
    struct lines l = rendered(&f, NULL), again = rendered(&f, NULL);
    assert_string_not_equal(text(action(&l, 0), "_id"), text(action(&l, 1), "_id"));
    for (size_t i = 0; i < l.n; i++)
        assert_true(json_equal(l.items[i], again.items[i]));
    drop(&l);
    drop(&again);
    mt_fixture_clear(&f);
}

static void labels_stand_in_every_document_once(void **state)
{
    (void)state;
    struct mt_fixture f;
    mt_fixture_init(&f);
    struct mt_label_pair pairs[] = {
        {mt_intern_text(&f.strings, "cluster_id"), mt_intern_text(&f.strings, "eu-1")},
        {mt_intern_text(&f.strings, "app.kubernetes.io/name"), mt_intern_text(&f.strings, "shop")},
        {mt_intern_text(&f.strings, " "), mt_intern_text(&f.strings, "nameless")},
    };
    struct mt_label_pair given = {pairs[0].key, mt_intern_text(&f.strings, "eu-2")};
    f.bundle.manifest.labels = pairs;
    f.bundle.manifest.n_labels = 3;
    struct mt_view_options options = {.labels = &given, .n_labels = 1};
    struct lines l = rendered(&f, &options);
    for (size_t i = 0; i < l.n / 2; i++) {
        json_t *labels = json_object_get(document(&l, i), "labels");
        assert_int_equal(json_object_size(labels), 2);
        assert_string_equal(text(labels, "cluster_id"), "eu-2");
        assert_string_equal(text(labels, "app_kubernetes_io/name"), "shop");
    }
    drop(&l);
    mt_fixture_clear(&f);
}

static void a_long_series_keeps_256_points_and_its_peak(void **state)
{
    (void)state;
    enum { LONG = 5000, PEAK = 3210 };
    struct mt_fixture f;
    mt_fixture_init(&f);
    int64_t *time_ns = MT_NEW_N(&f.arena, int64_t, LONG);
    double *value = MT_NEW_N(&f.arena, double, LONG);
    for (size_t i = 0; i < LONG; i++) {
        time_ns[i] = (int64_t)i * (f.bundle.end_ns / LONG);
        value[i] = i == PEAK ? 1e9 : 1000 + (double)(i * 7 % 50);
    }
    f.series.n = LONG;
    f.series.time_ns = time_ns;
    f.series.value = value;
    struct lines l = rendered(&f, NULL);
    size_t points = 0, peaks = 0;
    for (size_t i = 0; i < l.n / 2; i++) {
        if (strcmp(text(action(&l, i), "_index"), "memtriage-series") != 0)
            continue;
        points++;
        peaks += json_number_value(json_object_get(document(&l, i), "value")) > 1e8;
    }
    assert_in_range(points, 200, 256);
    assert_int_equal(peaks, 1);
    drop(&l);
    mt_fixture_clear(&f);
}

static void what_has_no_time_has_no_timestamp(void **state)
{
    (void)state;
    struct mt_fixture f;
    mt_fixture_named(&f, MT_FIXTURE_HOSTILE);
    f.bundle.end_ns = MT_NO_TIME;
    f.bundle.n_series = 0;
    struct lines l = rendered(&f, NULL);
    assert_int_equal(l.n, 2);
    assert_null(json_object_get(document(&l, 0), "@timestamp"));
    drop(&l);
    f.bundle.manifest.captured_at_ns = 1500000000;
    l = rendered(&f, NULL);
    assert_string_equal(text(document(&l, 0), "@timestamp"), "1970-01-01T00:00:01.500Z");
    drop(&l);
    mt_fixture_clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_a_finding_and_a_point_with_ids_of_their_own),
        cmocka_unit_test(equal_findings_keep_ids_apart_and_the_same_bundle_has_the_same),
        cmocka_unit_test(labels_stand_in_every_document_once),
        cmocka_unit_test(a_long_series_keeps_256_points_and_its_peak),
        cmocka_unit_test(what_has_no_time_has_no_timestamp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
