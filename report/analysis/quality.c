/* SPDX-License-Identifier: Apache-2.0 */
/* What about the data changes how to read the verdict, beyond what the loader already said. */
#include "report/analysis/engine.h"
#include "report/analysis/numbers.h"

#include <math.h>
#include <string.h>

static const double GAP = 8.0; /* times the usual interval is a gap in a series */

void mt_quality_add(struct mt_signals *s, const struct mt_input *input, bool severe, const char *id,
                    const char *statement)
{
    struct mt_assessment *a = s->assessment;
    struct mt_quality *more = MT_NEW_N(s->arena, struct mt_quality, a->n_quality + 1);
    if (a->n_quality)
        memcpy(more, a->quality, a->n_quality * sizeof *more);
    a->quality = more;
    a->quality[a->n_quality++] = (struct mt_quality){id, statement, severe, input};
}

/* Too many growing sites to look at each. */
static void crowds(struct mt_signals *s, const struct mt_site_table *t)
{
    if (t->n_crowded)
        mt_quality_add(s, NULL, false, "many-sites",
                       mt_arena_printf(s->arena,
                                       "%zu %s grew; only the %d that grew most may be suspects.",
                                       t->n_crowded + MT_MOST_CANDIDATES,
                                       t->goroutines ? "groups of goroutines" : "call sites",
                                       MT_MOST_CANDIDATES));
}

static void stale_profiles(struct mt_signals *s)
{
    const struct mt_snapshots *shots = &s->heap.snapshots;
    size_t stale = 0;
    const struct mt_input *input = NULL;
    for (size_t i = 1; i < shots->n; i++)
        if (shots->items[i].stale) {
            stale++;
            input = shots->items[i].input;
        }
    if (stale)
        mt_quality_add(
            s, input, stale * 2 > shots->n, "stale-heap-profile",
            mt_arena_printf(s->arena,
                            "%zu of %zu heap snapshots repeat the one before: no collection ran "
                            "between them; capture with ?gc=1",
                            stale, shots->n));
}

static void changed_rate(struct mt_signals *s)
{
    const struct mt_snapshots *shots = &s->heap.snapshots;
    for (size_t i = 1; i < shots->n; i++)
        if (shots->items[i].profile->period > 0 && shots->items[i - 1].profile->period > 0 &&
            shots->items[i].profile->period != shots->items[i - 1].profile->period) {
            mt_quality_add(
                s, shots->items[i].input, true, "profile-rate",
                mt_arena_printf(s->arena,
                                "MemProfileRate changes from %lld to %lld between snapshots: "
                                "counts before and after are not comparable",
                                (long long)shots->items[i - 1].profile->period,
                                (long long)shots->items[i].profile->period));
            return;
        }
}

static uint32_t build_of(const struct mt_profile *p)
{
    for (size_t i = 0; i < p->n_mappings; i++)
        if (p->mappings[i].build_id)
            return p->mappings[i].build_id;
    return 0;
}

static void other_binary(struct mt_signals *s)
{
    const struct mt_snapshots *shots = &s->heap.snapshots;
    for (size_t i = 1; i < shots->n; i++) {
        uint32_t a = build_of(shots->items[0].profile), b = build_of(shots->items[i].profile);
        if (a && b && a != b) {
            mt_quality_add(s, shots->items[i].input, true, "other-binary",
                           "This profile comes from another binary than the first one.");
            return;
        }
    }
}

static void missing_cycles(struct mt_signals *s)
{
    for (size_t i = 0; i < s->bundle->n_gc_logs; i++) {
        const struct mt_gc_log *log = s->bundle->gc_logs[i];
        if (log->missing_numbers)
            mt_quality_add(
                s, NULL, false, "missing-cycles",
                mt_arena_printf(s->arena,
                                "The %s log skips %llu cycle numbers: lines were lost, as in a "
                                "rotation.",
                                log->source, (unsigned long long)log->missing_numbers));
    }
}

static void gaps(struct mt_signals *s)
{
    const struct mt_series *series = mt_signal_series(s, MT_M_HEAP_ALLOC);
    if (!series || series->n < 20)
        return;
    double usual =
        (double)(series->time_ns[series->n - 1] - series->time_ns[0]) / (double)(series->n - 1);
    for (size_t i = 1; i < series->n; i++) {
        double step = (double)(series->time_ns[i] - series->time_ns[i - 1]);
        if (step > GAP * usual && step > 1e9) {
            mt_quality_add(s, series->input, false, "gap",
                           mt_arena_printf(s->arena, "No MemStats for %s at %s UTC.",
                                           mt_fmt_duration(s->arena, step),
                                           mt_fmt_date_time(s->arena, series->time_ns[i - 1])));
            return;
        }
    }
}

static void clocks(struct mt_signals *s)
{
    if (s->heap.snapshots.n >= 2 && !s->heap.snapshots.timed)
        mt_quality_add(
            s, NULL, true, "untimed-snapshots",
            "The heap snapshots have no times; their order is taken from their names and no rate "
            "counts as evidence.");
}

void mt_signal_quality(struct mt_signals *s)
{
    crowds(s, &s->heap);
    crowds(s, &s->goroutines);
    stale_profiles(s);
    changed_rate(s);
    other_binary(s);
    missing_cycles(s);
    gaps(s);
    clocks(s);
}
