/* SPDX-License-Identifier: Apache-2.0 */
/* The join: strings of all captures into one table, manifests merged, clocks aligned, indexes
 * built. */
#include "parsers/model/bundle.h"

#include "parsers/base/text.h"
#include "parsers/model/clock.h"
#include "parsers/model/clock_names.h"
#include "parsers/model/dumps.h"
#include "parsers/model/rotation.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void default_manifest(struct mt_manifest *m)
{
    *m = (struct mt_manifest){.captured_at_ns = MT_NO_TIME, .gogc = INT32_MIN};
}

/* The first manifest that gives a field wins; labels and offsets add up. */
static void merge_manifest(struct mt_bundle *b, const struct mt_manifest *m)
{
    struct mt_manifest *to = &b->manifest;
    if (!to->service)
        to->service = m->service;
    if (!to->build)
        to->build = m->build;
    if (!to->go_version)
        to->go_version = m->go_version;
    if (!to->module)
        to->module = m->module;
    if (to->captured_at_ns == MT_NO_TIME)
        to->captured_at_ns = m->captured_at_ns;
    if (!to->memory_limit_bytes)
        to->memory_limit_bytes = m->memory_limit_bytes;
    if (!to->gomemlimit_bytes)
        to->gomemlimit_bytes = m->gomemlimit_bytes;
    if (to->gogc == INT32_MIN)
        to->gogc = m->gogc;
    if (!to->interval_ms)
        to->interval_ms = m->interval_ms;
    for (size_t i = 0; i < m->n_labels; i++) {
        MT_RESERVE(b->arena, to->labels, to->n_labels, to->cap_labels);
        to->labels[to->n_labels++] = m->labels[i];
    }
    for (size_t i = 0; i < m->n_offsets; i++) {
        MT_RESERVE(b->arena, to->offsets, to->n_offsets, to->cap_offsets);
        to->offsets[to->n_offsets++] = m->offsets[i];
    }
    b->has_manifest = true;
}

void mt_bundle_quality(struct mt_bundle *b, const struct mt_input *input, bool severe,
                       const char *id, const char *statement)
{
    for (size_t i = 0; i < b->n_quality; i++)
        if (b->quality[i].input == input && strcmp(b->quality[i].id, id) == 0 &&
            strcmp(b->quality[i].statement, statement) == 0)
            return;
    MT_RESERVE(b->arena, b->quality, b->n_quality, b->cap_quality);
    b->quality[b->n_quality++] = (struct mt_quality){id, statement, severe, input};
}

static void gather(struct mt_bundle *b)
{
    struct mt_text notes = {0};
    for (size_t i = 0; i < b->n_inputs; i++) {
        const struct mt_input *input = &b->inputs[i];
        struct mt_capture *c = input->capture;
        if (!c)
            continue;
        mt_capture_rebase(c, b->strings);
        if (c->manifest)
            merge_manifest(b, c->manifest);
        if (c->notes.size) {
            if (notes.size)
                mt_text_add(&notes, "\n\n");
            mt_text_span(&notes, c->notes);
        }
        for (size_t k = 0; k < c->n_remarks; k++)
            mt_bundle_quality(b, input, c->remarks[k].severe, c->remarks[k].id,
                              c->remarks[k].statement);
    }
    for (size_t i = 0; !b->manifest.go_version && i < b->n_inputs; i++)
        if (b->inputs[i].capture) /* what a capture says of its program serves as well */
            b->manifest.go_version = b->inputs[i].capture->go_version;
    if (notes.size)
        b->notes = (struct mt_span){
            (unsigned char *)mt_arena_copy(b->arena, notes.data, notes.size), notes.size};
    mt_text_clear(&notes);
}

static int order_times(int64_t a, int64_t b)
{
    if (a == b)
        return 0;
    if (a == MT_NO_TIME || b == MT_NO_TIME) /* without a time: last */
        return a == MT_NO_TIME ? 1 : -1;
    return a < b ? -1 : 1;
}

/* An archive may hold a path twice: then their order in the list counts. */
static int by_place(const struct mt_input *a, const struct mt_input *b)
{
    int order = mt_natural_compare(mt_span_of(a->path), mt_span_of(b->path));
    return order ? order : (a > b) - (a < b);
}

static int by_profile_time(const void *left, const void *right)
{
    const struct mt_profile_ref *a = left, *b = right;
    int order = order_times(a->profile->time_ns, b->profile->time_ns);
    if (!order)
        order = by_place(a->input, b->input);
    return order ? order : (a->profile > b->profile) - (a->profile < b->profile);
}

static void index_profiles(struct mt_bundle *b)
{
    size_t caps[MT_PROFILE_KINDS] = {0};
    for (size_t i = 0; i < b->n_inputs; i++) {
        const struct mt_capture *c = b->inputs[i].capture;
        for (size_t k = 0; c && k < c->n_profiles; k++) {
            enum mt_profile_kind kind = c->profiles[k].kind;
            MT_RESERVE(b->arena, b->profiles[kind], b->n_profiles[kind], caps[kind]);
            b->profiles[kind][b->n_profiles[kind]++] =
                (struct mt_profile_ref){&c->profiles[k], &b->inputs[i]};
        }
    }
    for (size_t kind = 0; kind < MT_PROFILE_KINDS; kind++)
        if (b->n_profiles[kind])
            qsort(b->profiles[kind], b->n_profiles[kind], sizeof *b->profiles[kind],
                  by_profile_time);
}

struct row {
    int64_t time_ns;
    double value;
    size_t at;
};

static int by_row_time(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    int order = order_times(a->time_ns, b->time_ns);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

/* Rows without a value or a time are dropped; the order is repaired where a log's lines went back.
 */
static void add_series(struct mt_bundle *b, const struct mt_input *input, const struct mt_table *t,
                       enum mt_metric metric)
{
    struct row *rows = MT_NEW_N(b->arena, struct row, t->n_rows);
    size_t n = 0;
    bool sorted = true;
    for (size_t i = 0; i < t->n_rows; i++) {
        if (isnan(t->columns[metric][i]) || t->time_ns[i] == MT_NO_TIME)
            continue;
        rows[n] = (struct row){t->time_ns[i], t->columns[metric][i], n};
        sorted = sorted && (!n || rows[n - 1].time_ns <= rows[n].time_ns);
        n++;
    }
    if (!n)
        return;
    if (!sorted)
        qsort(rows, n, sizeof *rows, by_row_time);
    int64_t *times = MT_NEW_N(b->arena, int64_t, n);
    double *values = MT_NEW_N(b->arena, double, n);
    for (size_t i = 0; i < n; i++) {
        times[i] = rows[i].time_ns;
        values[i] = rows[i].value;
    }
    MT_RESERVE(b->arena, b->series, b->n_series, b->cap_series);
    b->series[b->n_series++] =
        (struct mt_series){metric, t->source, input, &t->clock, n, times, values};
}

static int by_metric(const void *left, const void *right)
{
    const struct mt_series *a = left, *b = right;
    if (a->metric != b->metric)
        return a->metric < b->metric ? -1 : 1;
    if (a->clock->clock != b->clock->clock)
        return a->clock->clock > b->clock->clock ? -1 : 1;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    int order = by_place(a->input, b->input);
    return order ? order : (a->clock > b->clock) - (a->clock < b->clock); /* both of one capture */
}

/* One record a file (heap debug=1 trailers, single scrapes) is one series, not many of one point.
 */
static void join_single_rows(struct mt_bundle *b)
{
    size_t n = 0;
    for (size_t i = 0, j; i < b->n_series; i = j) {
        struct mt_series *first = &b->series[i];
        for (j = i + 1; j < b->n_series && first->n == 1; j++)
            if (b->series[j].metric != first->metric || b->series[j].n != 1 ||
                strcmp(b->series[j].source, first->source) != 0 ||
                b->series[j].clock->clock != first->clock->clock)
                break;
        if (j > i + 1) {
            struct row *rows = MT_NEW_N(b->arena, struct row, j - i);
            for (size_t k = i; k < j; k++)
                rows[k - i] = (struct row){b->series[k].time_ns[0], b->series[k].value[0], k};
            qsort(rows, j - i, sizeof *rows, by_row_time);
            int64_t *times = MT_NEW_N(b->arena, int64_t, j - i);
            double *values = MT_NEW_N(b->arena, double, j - i);
            for (size_t k = 0; k < j - i; k++) {
                times[k] = rows[k].time_ns;
                values[k] = rows[k].value;
            }
            first->n = j - i;
            first->time_ns = times;
            first->value = values;
        }
        b->series[n++] = *first;
    }
    b->n_series = n;
}

static void index_series(struct mt_bundle *b)
{
    for (size_t i = 0; i < b->n_inputs; i++) {
        const struct mt_capture *c = b->inputs[i].capture;
        for (size_t k = 0; c && k < c->n_tables; k++)
            for (int m = 0; m < MT_METRIC_COUNT; m++)
                if (c->tables[k].n_rows && c->tables[k].columns[m])
                    add_series(b, &b->inputs[i], &c->tables[k], (enum mt_metric)m);
    }
    if (b->n_series)
        qsort(b->series, b->n_series, sizeof *b->series, by_metric);
    join_single_rows(b);
}

const struct mt_series *mt_bundle_series(const struct mt_bundle *b, enum mt_metric metric)
{
    for (size_t i = 0; i < b->n_series; i++)
        if (b->series[i].metric == metric)
            return &b->series[i];
    return NULL;
}

struct dump_ref {
    const struct mt_goroutine_dump *dump;
    const struct mt_input *input;
};

static int by_dump_time(const void *left, const void *right)
{
    const struct dump_ref *a = left, *b = right;
    int order = order_times(a->dump->time_ns, b->dump->time_ns);
    if (!order)
        order = by_place(a->input, b->input);
    return order ? order : (a->dump > b->dump) - (a->dump < b->dump);
}

static void index_dumps(struct mt_bundle *b)
{
    struct dump_ref *refs = NULL;
    size_t n = 0, cap = 0;
    for (size_t i = 0; i < b->n_inputs; i++) {
        const struct mt_capture *c = b->inputs[i].capture;
        for (size_t k = 0; c && k < c->n_dumps; k++) {
            struct mt_goroutine_dump *d = &c->dumps[k];
            if (d->from_profile && mt_dump_twin(d)) /* which knows more, and now its labels */
                continue;
            mt_dump_take_labels(b->arena, d);
            MT_RESERVE(b->arena, refs, n, cap);
            refs[n++] = (struct dump_ref){d, &b->inputs[i]};
        }
    }
    if (!n)
        return;
    qsort(refs, n, sizeof *refs, by_dump_time);
    b->dumps = MT_NEW_N(b->arena, const struct mt_goroutine_dump *, n);
    b->dump_inputs = MT_NEW_N(b->arena, const struct mt_input *, n);
    b->n_dumps = n;
    for (size_t i = 0; i < n; i++) {
        b->dumps[i] = refs[i].dump;
        b->dump_inputs[i] = refs[i].input;
    }
}

static void index_logs_and_traces(struct mt_bundle *b)
{
    size_t cap_logs = 0, cap_traces = 0, cap_trace_inputs = 0, n_trace_inputs = 0;
    for (size_t i = 0; i < b->n_inputs; i++) {
        const struct mt_capture *c = b->inputs[i].capture;
        for (size_t k = 0; c && k < c->n_gc_logs; k++) {
            MT_RESERVE(b->arena, b->gc_logs, b->n_gc_logs, cap_logs);
            b->gc_logs[b->n_gc_logs++] = &c->gc_logs[k];
        }
        if (!c || !c->trace)
            continue;
        MT_RESERVE(b->arena, b->traces, b->n_traces, cap_traces);
        MT_RESERVE(b->arena, b->trace_inputs, n_trace_inputs, cap_trace_inputs);
        size_t at = b->n_traces++;
        n_trace_inputs++;
        for (; at && order_times(c->trace->start_ns, b->traces[at - 1]->start_ns) < 0; at--) {
            b->traces[at] = b->traces[at - 1];
            b->trace_inputs[at] = b->trace_inputs[at - 1];
        }
        b->traces[at] = c->trace;
        b->trace_inputs[at] = &b->inputs[i];
    }
}

static int by_start(const void *left, const void *right)
{
    const struct mt_request *a = *(const struct mt_request *const *)left;
    const struct mt_request *b = *(const struct mt_request *const *)right;
    int order = order_times(a->start_ns, b->start_ns);
    if (!order)
        order = memcmp(a->trace_id, b->trace_id, sizeof a->trace_id);
    if (!order)
        order = memcmp(a->span_id, b->span_id, sizeof a->span_id);
    return order ? order : (a->duration_ns > b->duration_ns) - (a->duration_ns < b->duration_ns);
}

static bool is_task(const struct mt_bundle *b, const struct mt_request *r)
{
    return mt_span_is(mt_string(b->strings, r->kind), "task");
}

static int by_trace_id(const void *left, const void *right)
{
    const struct mt_request *a = *(const struct mt_request *const *)left;
    const struct mt_request *b = *(const struct mt_request *const *)right;
    int order = memcmp(a->trace_id, b->trace_id, sizeof a->trace_id);
    if (!order)
        order = order_times(a->start_ns, b->start_ns);
    return order ? order : memcmp(a->span_id, b->span_id, sizeof a->span_id);
}

/* The first task of the span's trace. */
static const struct mt_request *task_of(const struct mt_request *const *tasks, size_t n,
                                        const struct mt_request *span)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(tasks[middle]->trace_id, span->trace_id, sizeof span->trace_id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool same = low < n && !memcmp(tasks[low]->trace_id, span->trace_id, sizeof span->trace_id);
    return same ? tasks[low] : NULL;
}

/* Spans and the tasks of an execution trace are two views of the same requests: the spans count,
 * and have the task that logged their trace id. */
static void join_tasks(struct mt_bundle *b)
{
    static const uint8_t none[16];
    struct mt_arena scratch = {0};
    const struct mt_request **tasks = MT_NEW_N(&scratch, const struct mt_request *, b->n_requests);
    size_t n = 0;
    bool spans = false;
    for (size_t i = 0; i < b->n_requests; i++) {
        const struct mt_request *r = b->requests[i];
        bool task = is_task(b, r);
        spans |= !task && r->root;
        if (task && memcmp(r->trace_id, none, sizeof none) != 0)
            tasks[n++] = r;
    }
    if (n)
        qsort(tasks, n, sizeof *tasks, by_trace_id);
    for (size_t i = 0; spans && i < b->n_inputs; i++) {
        struct mt_capture *c = b->inputs[i].capture;
        for (size_t k = 0; c && k < c->n_requests; k++) {
            struct mt_request *r = &c->requests[k];
            if (is_task(b, r))
                r->root = false;
            else if (r->root)
                r->task = task_of(tasks, n, r);
        }
    }
    mt_arena_clear(&scratch);
}

static void index_requests(struct mt_bundle *b)
{
    size_t cap = 0;
    for (size_t i = 0; i < b->n_inputs; i++) {
        const struct mt_capture *c = b->inputs[i].capture;
        for (size_t k = 0; c && k < c->n_requests; k++) {
            MT_RESERVE(b->arena, b->requests, b->n_requests, cap);
            b->requests[b->n_requests++] = &c->requests[k];
        }
    }
    if (b->n_requests)
        qsort(b->requests, b->n_requests, sizeof *b->requests, by_start);
    join_tasks(b);
}

struct mt_bundle *mt_bundle_join(struct mt_arena *arena, struct mt_strings *strings,
                                 const char *name, struct mt_input *inputs, size_t n_inputs,
                                 int64_t interval_ns)
{
    struct mt_bundle *b = MT_NEW(arena, struct mt_bundle);
    *b = (struct mt_bundle){.arena = arena,
                            .strings = strings,
                            .name = name,
                            .inputs = inputs,
                            .n_inputs = n_inputs,
                            .start_ns = MT_NO_TIME,
                            .end_ns = MT_NO_TIME};
    default_manifest(&b->manifest);
    gather(b);
    mt_join_rotated(b);
    mt_dumps_pair(inputs, n_inputs);
    mt_clock_align(b, inputs, interval_ns);
    index_profiles(b);
    index_series(b);
    index_dumps(b);
    index_logs_and_traces(b);
    index_requests(b);
    return b;
}
