/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/clock.h"

#include <stdlib.h>
#include <string.h>

static const int64_t QUARTER_HOUR_NS = 900 * MT_SECOND_NS;
static const int64_t WIDEST_ZONE_NS = 14 * 3600 * MT_SECOND_NS;

static int by_value(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

int64_t mt_median_i64(int64_t *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
    int64_t low = values[(n - 1) / 2], high = values[n / 2];
    return low + (int64_t)((uint64_t)high - (uint64_t)low) / 2;
}

struct mt_path_hint mt_clock_hint(const char *path)
{
    struct mt_path_hint hint = {0};
    if (!mt_time_from_path(mt_span_of(path), &hint))
        hint.kind = MT_PATH_NO_TIME;
    return hint;
}

void mt_clock_widen(struct mt_clock_window *w, int64_t from_ns, int64_t to_ns)
{
    if (from_ns == MT_NO_TIME || to_ns == MT_NO_TIME)
        return;
    if (w->start_ns == MT_NO_TIME || from_ns < w->start_ns)
        w->start_ns = from_ns;
    if (w->end_ns == MT_NO_TIME || to_ns > w->end_ns)
        w->end_ns = to_ns;
}

void mt_clock_set(struct mt_clock_state *state, enum mt_clock clock, int64_t error_ns,
                  const char *method)
{
    state->clock = clock;
    state->error_ns = error_ns;
    state->method = method;
}

/* -- one view of all times of an input ---------------------------------------------------- */

static struct mt_clock_window table_window(const struct mt_table *t)
{
    struct mt_clock_window w = {MT_NO_TIME, MT_NO_TIME};
    for (size_t i = 0; i < t->n_rows; i++)
        mt_clock_widen(&w, t->time_ns[i], t->time_ns[i]);
    return w;
}

static struct mt_clock_window log_window(const struct mt_gc_log *log)
{
    struct mt_clock_window w = {MT_NO_TIME, MT_NO_TIME};
    for (size_t i = 0; i < log->n_cycles; i++)
        mt_clock_widen(&w, log->cycles[i].time_ns, log->cycles[i].time_ns);
    return w;
}

static bool relative_trace(const struct mt_capture *c)
{
    return c->trace && c->trace->start_ns == MT_NO_TIME;
}

typedef void part_fn(void *context, struct mt_clock_state *state, struct mt_clock_window window);

/* Calls visit for each part that has times of its own (a trace without a wall clock has none). */
static void each_part(struct mt_capture *c, part_fn *visit, void *context)
{
    if (relative_trace(c))
        return;
    for (size_t i = 0; i < c->n_profiles; i++)
        visit(context, &c->profiles[i].clock,
              (struct mt_clock_window){c->profiles[i].time_ns, c->profiles[i].time_ns});
    for (size_t i = 0; i < c->n_tables; i++)
        visit(context, &c->tables[i].clock, table_window(&c->tables[i]));
    for (size_t i = 0; i < c->n_gc_logs; i++)
        visit(context, &c->gc_logs[i].clock, log_window(&c->gc_logs[i]));
    for (size_t i = 0; i < c->n_dumps; i++)
        visit(context, &c->dumps[i].clock,
              (struct mt_clock_window){c->dumps[i].time_ns, c->dumps[i].time_ns});
    if (c->trace)
        visit(context, &c->trace->clock,
              (struct mt_clock_window){c->trace->start_ns,
                                       c->trace->start_ns + c->trace->duration_ns});
}

/* Readers leave the state of parts with absolute times at its zero value or fill it; both end as
 * SAME. */
static void take_absolute(void *context, struct mt_clock_state *state,
                          struct mt_clock_window window)
{
    struct mt_clock_window *dated = context;
    if (window.start_ns == MT_NO_TIME)
        return;
    if (state->clock == MT_CLOCK_NONE)
        state->clock = MT_CLOCK_SAME;
    if (!state->zone_unknown)
        mt_clock_widen(dated, window.start_ns, window.end_ns);
}

static void find_window(struct mt_clock_job *job)
{
    for (size_t i = 0; i < job->n_inputs; i++) {
        struct mt_capture *c = job->inputs[i].capture;
        if (!c)
            continue;
        each_part(c, take_absolute, &job->window);
        for (size_t k = 0; k < c->n_requests && !relative_trace(c); k++)
            mt_clock_widen(&job->window, c->requests[k].start_ns, c->requests[k].start_ns);
    }
}

/* -- times that no clock shows ------------------------------------------------------------ */

/* Outside 1980 to 2103 a time is damage or was never set; dropping it keeps every later sum within
 * 64 bit. */
static const int64_t EARLIEST_NS = 315532800ll * MT_SECOND_NS;
static const int64_t LATEST_NS = 4200000000ll * MT_SECOND_NS;
/* No process runs, and no trace lasts, for 30 years. */
static const int64_t LONGEST_NS = 1000000000ll * MT_SECOND_NS;

static size_t drop(int64_t *time_ns, bool relative)
{
    int64_t earliest = relative ? 0 : EARLIEST_NS, latest = relative ? LONGEST_NS : LATEST_NS;
    if (*time_ns == MT_NO_TIME || (*time_ns >= earliest && *time_ns <= latest))
        return 0;
    *time_ns = MT_NO_TIME;
    return 1;
}

static size_t drop_long(int64_t *duration_ns)
{
    if (*duration_ns >= 0 && *duration_ns <= LONGEST_NS)
        return 0;
    *duration_ns = 0;
    return 1;
}

static size_t drop_in_cycle(struct mt_gc_cycle *cycle, bool relative)
{
    return drop(&cycle->time_ns, relative) + drop(&cycle->since_start_ns, true) +
           drop_long(&cycle->duration_ns) + drop_long(&cycle->sweep_term_ns) +
           drop_long(&cycle->mark_ns) + drop_long(&cycle->mark_term_ns) +
           drop_long(&cycle->pause_ns);
}

static size_t drop_in_table(struct mt_table *t, bool relative)
{
    size_t dropped = 0;
    for (size_t row = 0; row < t->n_rows; row++) {
        dropped += drop(&t->time_ns[row], relative);
        if (t->since_start_ns)
            dropped += drop(&t->since_start_ns[row], true);
    }
    return dropped;
}

static size_t drop_in_trace(struct mt_trace *trace)
{
    size_t dropped = drop(&trace->start_ns, false) + drop_long(&trace->duration_ns);
    for (size_t i = 0; i < trace->n_marks; i++)
        dropped += drop_long(&trace->marks[i].at_ns) + drop_long(&trace->marks[i].duration_ns);
    for (size_t i = 0; i < trace->n_stops; i++)
        dropped += drop_long(&trace->stops[i].at_ns) + drop_long(&trace->stops[i].duration_ns);
    for (size_t i = 0; i < trace->n_logs; i++)
        dropped += drop_long(&trace->logs[i].at_ns);
    return dropped;
}

static void drop_implausible(struct mt_clock_job *job)
{
    for (size_t i = 0; i < job->n_inputs; i++) {
        struct mt_capture *c = job->inputs[i].capture;
        if (!c)
            continue;
        size_t dropped = c->trace ? drop_in_trace(c->trace) : 0;
        bool relative = relative_trace(c); /* its parts count from the trace's first event */
        for (size_t k = 0; k < c->n_profiles; k++)
            dropped += drop(&c->profiles[k].time_ns, relative);
        for (size_t k = 0; k < c->n_tables; k++)
            dropped += drop_in_table(&c->tables[k], relative);
        for (size_t k = 0; k < c->n_gc_logs; k++)
            for (size_t m = 0; m < c->gc_logs[k].n_cycles; m++)
                dropped += drop_in_cycle(&c->gc_logs[k].cycles[m], relative);
        for (size_t k = 0; k < c->n_dumps; k++)
            dropped += drop(&c->dumps[k].time_ns, relative);
        for (size_t k = 0; k < c->n_requests; k++)
            dropped +=
                drop(&c->requests[k].start_ns, relative) + drop_long(&c->requests[k].duration_ns);
        if (dropped)
            mt_bundle_quality(
                job->bundle, &job->inputs[i], false, "implausible-time",
                mt_arena_printf(job->bundle->arena,
                                "%zu of its times lie outside 1980 to 2103 or last over 30 years; "
                                "they were dropped.",
                                dropped));
    }
}

/* -- manifest offsets -------------------------------------------------------------------- */

static void shift(int64_t *time_ns, int64_t by_ns)
{
    if (*time_ns != MT_NO_TIME)
        *time_ns = (int64_t)((uint64_t)*time_ns + (uint64_t)by_ns);
}

static void shift_all(struct mt_capture *c, int64_t by_ns, bool only_without_zone)
{
    for (size_t i = 0; i < c->n_profiles; i++)
        if (!only_without_zone || c->profiles[i].clock.zone_unknown)
            shift(&c->profiles[i].time_ns, by_ns);
    for (size_t i = 0; i < c->n_tables; i++)
        for (size_t row = 0; row < c->tables[i].n_rows; row++)
            if (!only_without_zone || c->tables[i].clock.zone_unknown)
                shift(&c->tables[i].time_ns[row], by_ns);
    for (size_t i = 0; i < c->n_gc_logs; i++)
        for (size_t k = 0; k < c->gc_logs[i].n_cycles; k++)
            if (!only_without_zone || c->gc_logs[i].clock.zone_unknown)
                shift(&c->gc_logs[i].cycles[k].time_ns, by_ns);
    for (size_t i = 0; i < c->n_dumps; i++)
        if (!only_without_zone || c->dumps[i].clock.zone_unknown)
            shift(&c->dumps[i].time_ns, by_ns);
    if (only_without_zone)
        return;
    for (size_t i = 0; i < c->n_requests; i++)
        shift(&c->requests[i].start_ns, by_ns);
    if (c->trace)
        shift(&c->trace->start_ns, by_ns);
}

static void apply_offsets(struct mt_clock_job *job)
{
    const struct mt_manifest *m = &job->bundle->manifest;
    for (size_t i = 0; i < job->n_inputs; i++) {
        struct mt_capture *c = job->inputs[i].capture;
        if (!c || relative_trace(c)) /* is laid over what was shifted */
            continue;
        for (size_t k = 0; k < m->n_offsets; k++) {
            struct mt_span path = mt_string(job->bundle->strings, m->offsets[k].path);
            if (!mt_span_is(path, "*") && !mt_span_is(path, job->inputs[i].path))
                continue;
            int64_t limit_ms = LONGEST_NS / 1000000;
            if (m->offsets[k].offset_ms > limit_ms || m->offsets[k].offset_ms < -limit_ms)
                continue;
            shift_all(c, m->offsets[k].offset_ms * 1000000, false);
        }
    }
}

/* -- times without a zone ---------------------------------------------------------------- */

struct zone_search {
    struct mt_clock_window undated;
    bool any;
    const char *method;
};

static void find_undated(void *context, struct mt_clock_state *state, struct mt_clock_window window)
{
    struct zone_search *search = context;
    if (!state->zone_unknown || window.start_ns == MT_NO_TIME)
        return;
    search->any = true;
    mt_clock_widen(&search->undated, window.start_ns, window.end_ns);
}

static void mark_zoned(void *context, struct mt_clock_state *state, struct mt_clock_window window)
{
    const struct zone_search *search = context;
    if (state->zone_unknown && window.start_ns != MT_NO_TIME)
        state->method = search->method;
}

static int64_t middle(struct mt_clock_window w)
{
    return w.start_ns + (w.end_ns - w.start_ns) / 2;
}

/* Times written without a zone are UTC unless a whole quarter hour puts them into the window. */
static void find_zone(struct mt_clock_job *job, struct mt_input *input)
{
    struct zone_search search = {{MT_NO_TIME, MT_NO_TIME}, false, NULL};
    each_part(input->capture, find_undated, &search);
    if (!search.any || job->window.start_ns == MT_NO_TIME)
        return;
    int64_t apart = middle(job->window) - middle(search.undated);
    int64_t steps = (apart + (apart < 0 ? -1 : 1) * QUARTER_HOUR_NS / 2) / QUARTER_HOUR_NS;
    int64_t by_ns = steps * QUARTER_HOUR_NS;
    bool overlaps = search.undated.start_ns + by_ns <= job->window.end_ns &&
                    search.undated.end_ns + by_ns >= job->window.start_ns;
    if (by_ns > WIDEST_ZONE_NS || by_ns < -WIDEST_ZONE_NS || !overlaps)
        by_ns = 0;
    shift_all(input->capture, by_ns, true);
    struct mt_arena *a = job->bundle->arena;
    search.method = "times without a zone, taken as UTC";
    if (by_ns) {
        int64_t minutes = -by_ns / (60 * MT_SECOND_NS);
        int64_t size = minutes < 0 ? -minutes : minutes;
        search.method =
            mt_arena_printf(a, "times without a zone, taken as UTC%c%02d:%02d",
                            minutes < 0 ? '-' : '+', (int)(size / 60), (int)(size % 60));
        mt_bundle_quality(
            job->bundle, input, false, "zone-assumed",
            mt_arena_printf(a, "Its %s, which puts them into the window of the dated captures.",
                            search.method));
    }
    each_part(input->capture, mark_zoned, &search);
}

/* -- the result -------------------------------------------------------------------------- */

struct summary {
    struct mt_clock_window window;
    struct mt_clock_state state;
    bool any;
};

static void summarise(void *context, struct mt_clock_state *state, struct mt_clock_window window)
{
    struct summary *sum = context;
    mt_clock_widen(&sum->window, window.start_ns, window.end_ns);
    if (!sum->any || state->clock < sum->state.clock)
        sum->state = *state;
    sum->any = true;
}

static void finish_input(struct mt_clock_job *job, struct mt_input *input)
{
    struct summary sum = {.window = {MT_NO_TIME, MT_NO_TIME}};
    each_part(input->capture, summarise, &sum);
    for (size_t i = 0; i < input->capture->n_requests && !relative_trace(input->capture); i++) {
        const struct mt_request *r = &input->capture->requests[i];
        mt_clock_widen(&sum.window, r->start_ns, r->start_ns + r->duration_ns);
    }
    if (!sum.any && input->capture->n_requests)
        sum.state.clock = MT_CLOCK_SAME;
    input->start_ns = sum.window.start_ns;
    input->end_ns = sum.window.end_ns;
    input->clock = sum.state;
    struct mt_bundle *b = job->bundle;
    if (sum.state.clock == MT_CLOCK_NONE)
        return;
    struct mt_clock_window whole = {b->start_ns, b->end_ns};
    mt_clock_widen(&whole, sum.window.start_ns, sum.window.end_ns);
    b->start_ns = whole.start_ns;
    b->end_ns = whole.end_ns;
}

void mt_clock_align(struct mt_bundle *b, struct mt_input *inputs, int64_t interval_ns)
{
    struct mt_clock_job job = {.bundle = b,
                               .inputs = inputs,
                               .n_inputs = b->n_inputs,
                               .interval_ns = interval_ns,
                               .window = {MT_NO_TIME, MT_NO_TIME}};
    if (!interval_ns && b->manifest.interval_ms && b->manifest.interval_ms < 86400000)
        job.interval_ns = (int64_t)b->manifest.interval_ms * 1000000;
    apply_offsets(&job); /* first: they may be what makes a time plausible, or the contrary */
    drop_implausible(&job);
    find_window(&job);
    for (size_t i = 0; i < b->n_inputs; i++)
        if (inputs[i].capture)
            find_zone(&job, &inputs[i]);
    mt_clock_spread_seconds(&job);
    mt_clock_place_rows(&job);
    mt_clock_align_gc_logs(&job);
    mt_clock_place_counted_rows(&job);
    mt_clock_align_traces(&job);
    mt_clock_place_texts(&job);
    for (size_t i = 0; i < b->n_inputs; i++)
        if (inputs[i].capture)
            finish_input(&job, &inputs[i]);
}
