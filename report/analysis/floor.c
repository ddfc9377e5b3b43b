/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The heap floor: live heap right after collections, from the best source there is. HeapAlloc at a
 * random phase of the collector is no floor.
 */
#include "report/analysis/engine.h"
#include "report/analysis/jvm.h"
#include "report/analysis/numbers.h"

#include <math.h>
#include <string.h>

enum { ENVELOPE_POLLS = 8, ENVELOPE_BLOCKS = 6 };
static const double LAST_HALF = 0.25;      /* of the rise, to call it rising still */
static const double POLLS_PER_CYCLE = 2.0; /* fewer: NumGC moves at nearly every poll */

struct source {
    const char *name;
    const struct mt_input *input;
    size_t n;
    int64_t *time_ns;
    double *bytes;
    double least; /* minimum effect */
    bool weak;    /* may agree, decides nothing alone */
};

static void put(struct source *f, int64_t time_ns, double bytes)
{
    f->time_ns[f->n] = time_ns;
    f->bytes[f->n++] = bytes;
}

const struct mt_input *mt_input_of_log(const struct mt_bundle *b, const struct mt_gc_log *log)
{
    for (size_t i = 0; i < b->n_inputs; i++) {
        const struct mt_capture *c = b->inputs[i].capture;
        for (size_t k = 0; c && k < c->n_gc_logs; k++)
            if (&c->gc_logs[k] == log)
                return &b->inputs[i];
    }
    return NULL;
}

static struct source from_log(const struct mt_signals *s, const struct mt_gc_log *log)
{
    struct source f = {.name = log->source,
                       .input = mt_input_of_log(s->bundle, log),
                       .least = log->live_is_whole_mib ? MT_LEAST_BYTES_GCTRACE : MT_LEAST_BYTES};
    f.time_ns = MT_NEW_N(s->arena, int64_t, log->n_cycles);
    f.bytes = MT_NEW_N(s->arena, double, log->n_cycles);
    for (size_t i = 0; i < log->n_cycles; i++) {
        const struct mt_gc_cycle *c = &log->cycles[i];
        if (c->kind != MT_GC_GO || c->heap_live_bytes == MT_NO_BYTES)
            continue;
        bool dated = c->time_ns != MT_NO_TIME;
        if (!dated && c->since_start_ns == MT_NO_TIME)
            continue;
        int64_t at = dated ? c->time_ns : c->since_start_ns;
        if (f.n && at < f.time_ns[f.n - 1])
            continue; /* a rotated part out of order says nothing about growth */
        put(&f, at, (double)c->heap_live_bytes + (log->live_is_whole_mib ? 0.5 * MT_MIB : 0.0));
    }
    return f;
}

/* Minimum of HeapAlloc from each step of NumGC to the next. */
static struct source between_steps(const struct mt_signals *s, const struct mt_series *heap,
                                   const struct mt_series *gc, size_t *steps)
{
    struct source f = {.name = heap->source, .input = heap->input, .least = MT_LEAST_BYTES};
    f.time_ns = MT_NEW_N(s->arena, int64_t, heap->n);
    f.bytes = MT_NEW_N(s->arena, double, heap->n);
    *steps = 0;
    size_t g = 0;
    bool open = false;
    double number = NAN, least = 0.0;
    int64_t at = 0;
    for (size_t i = 0; i < heap->n; i++) {
        while (g + 1 < gc->n && gc->time_ns[g + 1] <= heap->time_ns[i])
            g++;
        if (gc->value[g] != number) {
            if (open)
                put(&f, at, least);
            open = !isnan(number); /* before the first step nobody knows */
            *steps += open;
            number = gc->value[g];
            least = heap->value[i];
            at = heap->time_ns[i];
        } else if (heap->value[i] < least) {
            least = heap->value[i];
            at = heap->time_ns[i];
        }
    }
    if (open)
        put(&f, at, least);
    return f;
}

size_t mt_signal_envelope(const struct mt_series *series, const struct mt_series *gc,
                          int64_t *time_ns, double *value)
{
    size_t n = 0;
    for (size_t from = 0; from + ENVELOPE_POLLS <= series->n; from += ENVELOPE_POLLS) {
        size_t best = from, end = from + ENVELOPE_POLLS;
        if (gc &&
            mt_series_at(gc, series->time_ns[end - 1]) == mt_series_at(gc, series->time_ns[from]))
            continue;
        for (size_t i = from + 1; i < end; i++)
            best = series->value[i] < series->value[best] ? i : best;
        time_ns[n] = series->time_ns[best];
        value[n++] = series->value[best];
    }
    return n;
}

static struct source envelope(const struct mt_signals *s, const struct mt_series *heap,
                              const struct mt_series *gc)
{
    struct source f = {
        .name = "envelope", .input = heap->input, .least = MT_LEAST_BYTES, .weak = !gc};
    f.time_ns = MT_NEW_N(s->arena, int64_t, heap->n / ENVELOPE_POLLS);
    f.bytes = MT_NEW_N(s->arena, double, heap->n / ENVELOPE_POLLS);
    f.n = mt_signal_envelope(heap, gc, f.time_ns, f.bytes);
    return f;
}

static struct source itself(const struct mt_signals *s, const struct mt_series *heap)
{
    struct source f = {.name = heap->source,
                       .input = heap->input,
                       .least = MT_LEAST_BYTES,
                       .weak = true,
                       .n = heap->n};
    f.time_ns = MT_NEW_N(s->arena, int64_t, heap->n);
    f.bytes = MT_NEW_N(s->arena, double, heap->n);
    memcpy(f.time_ns, heap->time_ns, heap->n * sizeof *f.time_ns);
    memcpy(f.bytes, heap->value, heap->n * sizeof *f.bytes);
    return f;
}

static struct source from_polls(const struct mt_signals *s, const struct mt_series *heap)
{
    const struct mt_series *gc = mt_series_beside(s->bundle, heap, MT_M_NUM_GC);
    if (!gc)
        gc = mt_series_beside(s->bundle, heap, MT_M_LAST_GC);
    size_t steps = 0;
    struct source f = {0};
    if (gc && gc->n >= 2) {
        f = between_steps(s, heap, gc, &steps);
        double cycles = steps ? (double)steps : 0.0;
        if (mt_metric_info(gc->metric)->counter)
            cycles = fmax(cycles, gc->value[gc->n - 1] - gc->value[0]);
        if (cycles == 0.0 || (double)heap->n / cycles >= POLLS_PER_CYCLE)
            return f;
    }
    if (heap->n >= ENVELOPE_POLLS * ENVELOPE_BLOCKS)
        return envelope(s, heap, gc);
    return itself(s, heap);
}

static double coverage_of(const struct mt_signals *s, const struct source *f)
{
    double window = (double)(s->end_ns - s->start_ns);
    if (f->n < 2 || window <= 0.0)
        return 0.0;
    return (double)(f->time_ns[f->n - 1] - f->time_ns[0]) / window;
}

/* Exact per-cycle sources first, unless they cover much less of the window or are too few. */
static bool better(const struct mt_signals *s, const struct source *a, const struct source *b)
{
    if (!b->n)
        return a->n > 0;
    bool enough_a = a->n >= MT_LEAST_SNAPSHOTS && !a->weak;
    bool enough_b = b->n >= MT_LEAST_SNAPSHOTS && !b->weak;
    if (enough_a != enough_b)
        return enough_a;
    double cover_a = fmin(coverage_of(s, a), MT_COVERS),
           cover_b = fmin(coverage_of(s, b), MT_COVERS);
    return cover_a > cover_b + 0.05;
}

static struct source choose(const struct mt_signals *s)
{
    struct source best = {0};
    for (size_t i = 0; i < s->bundle->n_gc_logs; i++) {
        struct source f = from_log(s, s->bundle->gc_logs[i]);
        if (better(s, &f, &best))
            best = f;
    }
    for (size_t i = 0; i < s->bundle->n_series; i++) {
        if (s->bundle->series[i].metric != MT_M_HEAP_ALLOC || s->bundle->series[i].n < 2)
            continue;
        struct source f = from_polls(s, &s->bundle->series[i]);
        if (better(s, &f, &best))
            best = f;
    }
    return best;
}

/* Of a JVM it is the old generation after its collections; only where there is no Go heap. */
static struct source from_jvm(struct mt_signals *s)
{
    struct source best = {0};
    for (size_t i = 0; i < s->bundle->n_gc_logs; i++) {
        const struct mt_gc_log *log = s->bundle->gc_logs[i];
        if (!mt_jvm_is_log(log))
            continue;
        struct mt_jvm_old old = mt_jvm_old_of(s->arena, log);
        if (old.n <= best.n)
            continue;
        best = (struct source){.name = log->source,
                               .input = mt_input_of_log(s->bundle, log),
                               .n = old.n,
                               .time_ns = old.time_ns,
                               .bytes = old.bytes,
                               .least = MT_LEAST_BYTES,
                               .weak = old.after == MT_JVM_AFTER_ANY};
    }
    s->floor_jvm = best.n > 0;
    return best;
}

static struct mt_trend trend_from(const struct source *f, int64_t from_ns,
                                  const struct mt_effect *effect)
{
    size_t i = 0;
    while (i < f->n && f->time_ns[i] < from_ns)
        i++;
    return mt_trend_of(f->time_ns + i, f->bytes + i, f->n - i, effect);
}

void mt_signal_floor(struct mt_signals *s)
{
    struct source f = choose(s);
    if (!f.n && !s->bundle->n_profiles[MT_PROFILE_HEAP])
        f = from_jvm(s);
    struct mt_floor *floor = &s->assessment->floor;
    floor->load_correlation = NAN;
    s->floor_growth = NAN;
    if (!f.n)
        return;
    struct mt_effect effect = {f.least, MT_LEAST_RELATIVE, true, 0.0, 0.0};
    *floor = (struct mt_floor){.present = true,
                               .source = f.name,
                               .input = f.input ? f.input->path : NULL,
                               .n = f.n,
                               .time_ns = f.time_ns,
                               .bytes = f.bytes,
                               .load_correlation = NAN};
    floor->trend = mt_trend_of(f.time_ns, f.bytes, f.n, &effect);
    int64_t middle = f.time_ns[0] + (f.time_ns[f.n - 1] - f.time_ns[0]) / 2;
    floor->last_half = trend_from(&f, middle, &effect);
    floor->explained_by_load =
        mt_load_explains(s, f.time_ns, f.bytes, f.n, &effect, &floor->load_correlation);
    s->floor_weak = f.weak;
    s->floor_rises = mt_trend_grows(&floor->trend) && !floor->explained_by_load;
    s->floor_growth = mt_trend_rise(&floor->trend);
    /* a table loaded early hides in the whole window what still rises behind it; what is left of a
     * warm-up is little */
    s->floor_agrees =
        s->floor_rises || (floor->trend.significant && !floor->explained_by_load &&
                           mt_trend_grows(&floor->last_half) &&
                           mt_trend_rise(&floor->last_half) >= LAST_HALF * s->floor_growth);
    s->floor_falls = floor->trend.shape == MT_SHAPE_FALLING;
}
