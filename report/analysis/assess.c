/* SPDX-License-Identifier: Apache-2.0 */
#include "report/analysis/assessment.h"

#include <math.h>

struct mt_assessment *mt_assess(struct mt_arena *arena, const struct mt_bundle *bundle,
                                const struct mt_assess_options *options)
{
    (void)options;
    struct mt_assessment *a = MT_NEW(arena, struct mt_assessment);
    a->bundle = bundle;
    a->verdict.status = MT_VERDICT_UNDECIDED;
    a->verdict.confidence_reason = "no rule has run";
    a->verdict.word = "Not enough data";
    a->verdict.sentence = "no rule has run.";
    a->verdict.next = "capture heap profiles.";
    a->verdict.detectable_bytes_per_second = NAN;
    a->goroutines_first = a->goroutines_last = NAN;
    a->quality = bundle->quality;
    a->n_quality = bundle->n_quality;
    return a;
}
