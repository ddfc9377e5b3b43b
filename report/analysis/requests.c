/* SPDX-License-Identifier: Apache-2.0 */
/* Requests: latency and rate, what Little's law expects, and how many slow ones a collection hit.
 */
#include "report/analysis/engine.h"
#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_SLOW = 20, BUCKETS = 30 };

static int by_duration(const void *a, const void *b)
{
    const struct mt_request *x = *(const struct mt_request *const *)a;
    const struct mt_request *y = *(const struct mt_request *const *)b;
    if (x->failed != y->failed)
        return x->failed ? -1 : 1;
    if (x->duration_ns != y->duration_ns)
        return x->duration_ns > y->duration_ns ? -1 : 1;
    return (x->start_ns > y->start_ns) - (x->start_ns < y->start_ns);
}

/* A bucket's quantiles; roots are ordered by start. */
static size_t fill_bucket(struct mt_request_summary *r, size_t k, const struct mt_request **roots,
                          size_t n, size_t at, int64_t end_ns, double *scratch)
{
    size_t count = 0, failed = 0;
    for (; at < n && (roots[at]->start_ns < end_ns || k + 1 == BUCKETS); at++) {
        scratch[count++] = (double)roots[at]->duration_ns;
        failed += roots[at]->failed;
    }
    r->bucket_count[k] = (double)count;
    r->bucket_failed[k] = (double)failed;
    r->bucket_p50[k] = mt_quantile(scratch, count, 0.5);
    r->bucket_p95[k] = mt_quantile(scratch, count, 0.95);
    r->bucket_p99[k] = mt_quantile(scratch, count, 0.99);
    return at;
}

static void fill_buckets(struct mt_signals *s, struct mt_request_summary *r,
                         const struct mt_request **roots, size_t n, double *scratch)
{
    int64_t first = roots[0]->start_ns, last = roots[n - 1]->start_ns;
    if (last <= first)
        return;
    r->n_buckets = BUCKETS;
    r->bucket_ns = MT_NEW_N(s->arena, int64_t, BUCKETS);
    r->bucket_p50 = MT_NEW_N(s->arena, double, BUCKETS);
    r->bucket_p95 = MT_NEW_N(s->arena, double, BUCKETS);
    r->bucket_p99 = MT_NEW_N(s->arena, double, BUCKETS);
    r->bucket_count = MT_NEW_N(s->arena, double, BUCKETS);
    r->bucket_failed = MT_NEW_N(s->arena, double, BUCKETS);
    double width = (double)(last - first) / BUCKETS;
    size_t at = 0;
    for (size_t k = 0; k < BUCKETS; k++) {
        r->bucket_ns[k] = first + (int64_t)(((double)k + 0.5) * width);
        int64_t end = first + (int64_t)((double)(k + 1) * width);
        at = fill_bucket(r, k, roots, n, at, end, scratch);
    }
}

/* How long a collection was under way: its phases, or all that a log says of it. */
static int64_t length_of(const struct mt_gc_cycle *c)
{
    int64_t phases = c->sweep_term_ns + c->mark_ns + c->mark_term_ns;
    return phases > 0 ? phases : c->duration_ns > 0 ? c->duration_ns : c->pause_ns;
}

/* Collections come one after the other, so that the last to start is the last to end. */
static bool meets_gc(const struct mt_gc_summary *gc, const struct mt_request *q)
{
    size_t low = 0, high = gc->n_cycles_by_time;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (gc->cycles_by_time[mid]->time_ns <= q->start_ns + q->duration_ns)
            low = mid + 1;
        else
            high = mid;
    }
    const struct mt_gc_cycle *last = low ? gc->cycles_by_time[low - 1] : NULL;
    return last && last->time_ns + length_of(last) >= q->start_ns;
}

/* Share of the request's time during which a collection was under way. */
static double time_in_gc(const struct mt_gc_summary *gc, const struct mt_request *q)
{
    int64_t end = q->start_ns + q->duration_ns, inside = 0;
    for (size_t i = 0; i < gc->n_cycles_by_time; i++) {
        const struct mt_gc_cycle *c = gc->cycles_by_time[i];
        int64_t from = c->time_ns > q->start_ns ? c->time_ns : q->start_ns;
        int64_t to = c->time_ns + length_of(c) < end ? c->time_ns + length_of(c) : end;
        inside += to > from ? to - from : 0;
    }
    return q->duration_ns > 0 ? fmin(1.0, (double)inside / (double)q->duration_ns) : 0.0;
}

static void gc_overlap(struct mt_signals *s, const struct mt_request **roots, size_t n)
{
    struct mt_request_summary *r = &s->assessment->requests;
    const struct mt_gc_summary *gc = &s->assessment->gc;
    r->slow_gc_share = MT_NEW_N(s->arena, double, r->n_slow);
    for (size_t i = 0; i < r->n_slow; i++)
        r->slow_gc_share[i] = gc->n_cycles_by_time ? time_in_gc(gc, r->slow[i]) : NAN;
    if (!gc->n_cycles_by_time || !r->n_slow)
        return;
    size_t slow = 0, all = 0;
    for (size_t i = 0; i < r->n_slow; i++)
        slow += meets_gc(gc, r->slow[i]);
    for (size_t i = 0; i < n; i++)
        all += meets_gc(gc, roots[i]);
    r->gc_overlap_share = (double)slow / (double)r->n_slow;
    r->gc_overlap_share_all = (double)all / (double)n;
}

void mt_signal_requests(struct mt_signals *s)
{
    struct mt_request_summary *r = &s->assessment->requests;
    const struct mt_bundle *b = s->bundle;
    r->expected_goroutines = r->gc_overlap_share = r->gc_overlap_share_all = NAN;
    struct mt_arena scratch = {0};
    const struct mt_request **roots = MT_NEW_N(&scratch, const struct mt_request *, b->n_requests);
    double *durations = MT_NEW_N(&scratch, double, b->n_requests), sum = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < b->n_requests; i++) {
        const struct mt_request *q = b->requests[i];
        if (!q->root || q->start_ns == MT_NO_TIME)
            continue;
        durations[n] = (double)q->duration_ns;
        sum += durations[n];
        roots[n++] = q;
        r->failed += q->failed;
        r->with_task += q->task != NULL;
    }
    r->count = n;
    r->present = n > 0;
    if (n) {
        fill_buckets(s, r, roots, n, MT_NEW_N(&scratch, double, n));
        double seconds = (double)(roots[n - 1]->start_ns - roots[0]->start_ns) / 1e9;
        r->p50_ns = (int64_t)mt_quantile(durations, n, 0.5);
        r->p95_ns = (int64_t)mt_quantile(durations, n, 0.95);
        r->p99_ns = (int64_t)mt_quantile(durations, n, 0.99);
        r->max_ns = (int64_t)durations[n - 1];
        if (seconds > 0.0) {
            r->rate_per_second = (double)(n - 1) / seconds; /* intervals, not their ends */
            r->expected_goroutines = r->rate_per_second * sum / (double)n / 1e9;
        }
        qsort(roots, n, sizeof *roots, by_duration);
        r->slow = MT_NEW_N(s->arena, const struct mt_request *, MOST_SLOW);
        for (size_t i = 0; i < n && r->n_slow < MOST_SLOW; i++)
            if (roots[i]->failed || roots[i]->duration_ns >= r->p99_ns)
                r->slow[r->n_slow++] = roots[i];
    }
    gc_overlap(s, roots, n);
    mt_arena_clear(&scratch);
}
