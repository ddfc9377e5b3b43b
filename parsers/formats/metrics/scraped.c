/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/scraped.h"

#include "parsers/formats/lines/stamp.h"

#include <stdlib.h>

const struct mt_name_slot *mt_scraped_metric(struct mt_name_memo *memo, struct mt_span name)
{
    const struct mt_name_slot *slot = mt_name_memo_find(memo, name);
    bool ours = slot->kind == MT_NAME_METRIC && slot->metric.strength != MT_NAME_WEAK &&
                mt_span_find_byte(name, '_') != MT_NPOS;
    return ours ? slot : NULL;
}

const char *const mt_scraped_target_labels[] = {"pod", "kubernetes_pod_name", "instance",
                                                "container", NULL};

bool mt_scraped_time(struct mt_span text, int64_t *time_ns)
{
    bool zone_known;
    double number;
    return mt_stamp_take(&text, time_ns, &zone_known) ||
           (mt_span_f64(text, &number) && mt_stamp_from_number(number, time_ns));
}

bool mt_scraped_adds_up(enum mt_metric metric)
{
    return metric == MT_M_REQUESTS;
}

void mt_scraped_add(struct mt_scraped *s, uint32_t target, int64_t time_ns, enum mt_metric metric,
                    double value)
{
    MT_RESERVE(s->arena, s->samples, s->n, s->cap);
    s->samples[s->n] = (struct mt_scraped_sample){time_ns, target, (uint32_t)metric, value, s->n};
    s->n++;
}

static int by_target_and_time(const void *left, const void *right)
{
    const struct mt_scraped_sample *a = left, *b = right;
    if (a->target != b->target)
        return a->target < b->target ? -1 : 1;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

void mt_scraped_rows(struct mt_scraped *s,
                     struct mt_recorder *(*recorder_of)(void *whose, uint32_t target), void *whose)
{
    if (!s->n)
        return;
    qsort(s->samples, s->n, sizeof *s->samples, by_target_and_time);
    for (size_t i = 0; i < s->n;) {
        const struct mt_scraped_sample *first = &s->samples[i];
        struct mt_recorder *r = recorder_of(whose, first->target);
        mt_recorder_time(r, first->time_ns, true);
        for (; i < s->n && s->samples[i].target == first->target &&
               s->samples[i].time_ns == first->time_ns;
             i++) {
            enum mt_metric metric = (enum mt_metric)s->samples[i].metric;
            double before = mt_scraped_adds_up(metric) && r->is_set[metric] ? r->values[metric] : 0;
            mt_recorder_set(r, metric, before + s->samples[i].value);
        }
        mt_recorder_commit(r);
    }
}
