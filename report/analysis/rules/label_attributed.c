/* SPDX-License-Identifier: Apache-2.0 */
/* Growth that only one value of a pprof label, or one "ns::" prefix, takes part in. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <math.h>
#include <string.h>

#define CONFINED 0.8 /* of the site's growth under one value */

static const struct mt_threshold thresholds[] = {
    {"confined", "share", CONFINED, "of the growth that one value has, where others exist too"},
};

enum { MOST_VALUES = 256 };

struct value {
    uint32_t key, text;
    double first, last;
};

struct values {
    struct value items[MOST_VALUES];
    size_t n;
};

static struct value *value_of(struct values *v, uint32_t key, uint32_t text)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->items[i].key == key && v->items[i].text == text)
            return &v->items[i];
    if (v->n == MOST_VALUES)
        return NULL;
    v->items[v->n] = (struct value){.key = key, .text = text};
    return &v->items[v->n++];
}

static void add(struct values *own, struct values *all, const struct mt_label *labels, size_t n,
                double amount, bool ours, bool last)
{
    for (size_t k = 0; k < n; k++) {
        if (!mt_label_is_text(&labels[k]))
            continue;
        value_of(all, labels[k].key, labels[k].text);
        struct value *v = ours ? value_of(own, labels[k].key, labels[k].text) : NULL;
        if (v)
            *(last ? &v->last : &v->first) += amount;
    }
}

static void from_profile(const struct mt_signals *s, const struct mt_profile *p, uint32_t type,
                         uint32_t function, bool last, struct values *own, struct values *all)
{
    struct mt_arena scratch = {0};
    struct mt_blame_table table;
    mt_blame_open(&table, &scratch, s->symbols, p, NULL);
    for (size_t i = 0; i < p->n_samples; i++) {
        const struct mt_sample *sample = &p->samples[i];
        if (!sample->n_labels)
            continue;
        struct mt_blame b = mt_blame_sample(&table, sample);
        uint32_t f = b.line == MT_NO_INDEX ? MT_NO_INDEX : p->lines[b.line].function;
        bool ours =
            f != MT_NO_INDEX && s->symbols->key[p->functions[f].name] == s->symbols->key[function];
        add(own, all, p->labels + sample->first_label, sample->n_labels,
            (double)p->values[i * p->n_types + type], ours, last);
    }
    mt_arena_clear(&scratch);
}

static void from_dump(const struct mt_signals *s, const struct mt_goroutine_dump *d,
                      uint32_t function, bool last, struct values *own, struct values *all)
{
    for (size_t i = 0; i < d->n_goroutines; i++) {
        const struct mt_goroutine *g = &d->goroutines[i];
        if (!g->n_labels)
            continue;
        struct mt_blame b = mt_blame_goroutine(s->symbols, d, g, NULL);
        bool ours = b.line != MT_NO_INDEX && d->frames[b.line].function == function;
        add(own, all, d->labels + g->first_label, g->n_labels, 1.0, ours, last);
    }
}

static size_t values_of_key(const struct values *all, uint32_t key)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        n += all->items[i].key == key;
    return n;
}

/* The value that has nearly all of the growth, while the key has others too. */
static const struct value *confined_to(const struct values *own, const struct values *all,
                                       double growth)
{
    const struct value *best = NULL;
    for (size_t i = 0; i < own->n; i++) {
        const struct value *v = &own->items[i];
        if (v->last - v->first >= CONFINED * growth && values_of_key(all, v->key) > 1 &&
            (!best || v->last - v->first > best->last - best->first))
            best = v;
    }
    return best;
}

static void tell(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out,
                 struct mt_site_sums *sums, const struct mt_suspicion *v, const char *label,
                 double share)
{
    struct mt_finding *f = mt_suspect_add(out, self, c, sums, v);
    f->family = "label-attributed";
    f->kind = "growth under one label value";
    f->culprit.label = label;
    mt_finding_evidence(out, f, MT_DIM_SITES, sums->site->goroutines ? "goroutine" : "heap", NULL,
                        share, "share",
                        "%s has %s of the growth; other values run the same code "
                        "and do not grow",
                        label, mt_fmt_share(out->arena, share));
    f->next = mt_arena_printf(out->arena,
                              "Compare what %s does with the others: its traffic, its "
                              "configuration, its errors.",
                              label);
}

static void by_labels(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out,
                      const struct mt_site_table *t)
{
    struct mt_signals *s = c->signals;
    for (size_t i = 0; i < t->n; i++) {
        struct mt_site_sums *sums = t->sums[i];
        struct mt_site *site = sums->site;
        if (site->growth <= 0.0)
            continue;
        struct mt_suspicion v =
            t->goroutines ? mt_suspect_goroutines(s, sums) : mt_suspect_heap(s, sums);
        if (!v.candidate)
            continue;
        struct mt_arena scratch = {0};
        struct values *own = MT_NEW(&scratch, struct values),
                      *all = MT_NEW(&scratch, struct values);
        for (size_t k = 0; k < 2; k++) {
            const struct mt_snapshot *shot = &t->snapshots.items[k ? t->snapshots.n - 1 : 0];
            uint32_t type = t->goroutines || !shot->profile
                                ? 0
                                : mt_profile_type(shot->profile, c->now->strings, "inuse_space");
            if (shot->profile)
                from_profile(s, shot->profile, type, site->function, k, own, all);
            else
                from_dump(s, shot->dump, site->function, k, own, all);
        }
        const struct value *found = confined_to(own, all, site->growth);
        if (found) {
            site->label_key = found->key;
            site->label_value = found->text;
            tell(self, c, out, sums, &v,
                 mt_arena_printf(out->arena, "%s=%s", mt_bundle_text(c->now, found->key),
                                 mt_bundle_text(c->now, found->text)),
                 fmin(1.0, (found->last - found->first) / site->growth));
        }
        mt_arena_clear(&scratch);
    }
}

/* The namespace of a name is a label that the code itself carries. */
static void by_namespace(const struct mt_rule *self, const struct mt_case *c,
                         struct mt_findings *out, const struct mt_site_table *t)
{
    struct mt_signals *s = c->signals;
    double all = 0.0;
    struct mt_span first = {0};
    size_t spaces = 0;
    for (size_t i = 0; i < t->n; i++) {
        struct mt_span ns = mt_symbol_namespace(mt_string(c->now->strings, t->items[i]->function));
        if (!ns.size)
            continue;
        spaces += !spaces || !mt_span_equal(ns, first);
        first = spaces == 1 ? ns : first;
        all += fmax(0.0, t->items[i]->growth);
    }
    for (size_t i = 0; spaces > 1 && i < t->n; i++) {
        struct mt_span ns = mt_symbol_namespace(mt_string(c->now->strings, t->items[i]->function));
        struct mt_suspicion v =
            t->goroutines ? mt_suspect_goroutines(s, t->sums[i]) : mt_suspect_heap(s, t->sums[i]);
        if (ns.size && v.candidate && t->items[i]->growth >= CONFINED * all)
            tell(self, c, out, t->sums[i], &v,
                 mt_arena_printf(out->arena, "namespace=%.*s", (int)ns.size, (const char *)ns.data),
                 t->items[i]->growth / all);
    }
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    by_labels(self, c, out, &c->signals->goroutines);
    by_labels(self, c, out, &c->signals->heap);
    if (c->signals->symbols->has_namespaces) {
        by_namespace(self, c, out, &c->signals->goroutines);
        by_namespace(self, c, out, &c->signals->heap);
    }
}

const struct mt_rule mt_rule_label_attributed = {
    .id = "label-attributed",
    .title = "Growth confined to one label value",
    .needs = MT_NEED_LABELS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
