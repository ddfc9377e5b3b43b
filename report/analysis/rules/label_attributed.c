/* SPDX-License-Identifier: Apache-2.0 */
/* Growth that only one value of a pprof label, or one "ns::" prefix, takes part in. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <math.h>

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

/* The candidates of a table with the values of their labels, and the values that any code has. */
struct growing {
    const struct mt_signals *signals;
    struct values **own; /* by symbol key; NULL: no candidate */
    struct values all;
    uint32_t type; /* of the profile's values */
    bool last;     /* snapshot, else the first */
};

static void add(struct growing *g, uint32_t function, const struct mt_label *labels, size_t n,
                double amount)
{
    const struct mt_symbols *symbols = g->signals->symbols;
    struct values *own = function < symbols->n ? g->own[symbols->key[function]] : NULL;
    for (size_t k = 0; k < n; k++) {
        if (!mt_label_is_text(&labels[k]))
            continue;
        value_of(&g->all, labels[k].key, labels[k].text);
        struct value *v = own ? value_of(own, labels[k].key, labels[k].text) : NULL;
        if (v)
            *(g->last ? &v->last : &v->first) += amount;
    }
}

static void from_profile(struct growing *g, const struct mt_profile *p)
{
    struct mt_arena scratch = {0};
    struct mt_blame_table table;
    mt_blame_open(&table, &scratch, g->signals->symbols, p, NULL);
    for (size_t i = 0; i < p->n_samples; i++) {
        const struct mt_sample *sample = &p->samples[i];
        if (!sample->n_labels)
            continue;
        struct mt_blame b = mt_blame_sample(&table, sample);
        uint32_t f = b.line == MT_NO_INDEX ? MT_NO_INDEX : p->lines[b.line].function;
        add(g, f == MT_NO_INDEX ? UINT32_MAX : p->functions[f].name,
            p->labels + sample->first_label, sample->n_labels,
            (double)p->values[i * p->n_types + g->type]);
    }
    mt_arena_clear(&scratch);
}

static void from_dump(struct growing *g, const struct mt_goroutine_dump *d)
{
    for (size_t i = 0; i < d->n_goroutines; i++) {
        const struct mt_goroutine *one = &d->goroutines[i];
        if (!one->n_labels)
            continue;
        struct mt_blame b = mt_blame_goroutine(g->signals->symbols, d, one, NULL);
        add(g, b.line == MT_NO_INDEX ? UINT32_MAX : d->frames[b.line].function,
            d->labels + one->first_label, one->n_labels, 1.0);
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

static struct mt_suspicion judge(const struct mt_case *c, const struct mt_site_table *t, size_t i)
{
    return t->goroutines ? mt_suspect_goroutines(c->signals, t->sums[i])
                         : mt_suspect_heap(c->signals, t->sums[i]);
}

/* Sums up the labels of all candidates in one pass over the first and the last snapshot. */
static void gather(const struct mt_case *c, const struct mt_site_table *t, struct growing *g)
{
    for (size_t k = 0; k < 2; k++) {
        const struct mt_snapshot *shot = &t->snapshots.items[k ? t->snapshots.n - 1 : 0];
        g->last = k;
        g->type = 0;
        if (!t->goroutines && shot->profile)
            g->type = mt_profile_type(shot->profile, c->now->strings, "inuse_space");
        if (shot->profile)
            from_profile(g, shot->profile);
        else
            from_dump(g, shot->dump);
    }
}

static void by_labels(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out,
                      const struct mt_site_table *t)
{
    struct mt_arena scratch = {0};
    const struct mt_symbols *symbols = c->signals->symbols;
    struct growing g = {.signals = c->signals,
                        .own = MT_NEW_N(&scratch, struct values *, symbols->keys.count)};
    size_t candidates = 0;
    for (size_t i = 0; i < t->n; i++)
        if (t->items[i]->growth > 0.0 && judge(c, t, i).candidate) {
            g.own[symbols->key[t->items[i]->function]] = MT_NEW(&scratch, struct values);
            candidates++;
        }
    if (candidates)
        gather(c, t, &g);
    for (size_t i = 0; candidates && i < t->n; i++) {
        struct mt_site *site = t->items[i];
        const struct values *own = g.own[symbols->key[site->function]];
        const struct value *found = own ? confined_to(own, &g.all, site->growth) : NULL;
        if (!found)
            continue;
        struct mt_suspicion v = judge(c, t, i);
        site->label_key = found->key;
        site->label_value = found->text;
        tell(self, c, out, t->sums[i], &v,
             mt_arena_printf(out->arena, "%s=%s", mt_bundle_text(c->now, found->key),
                             mt_bundle_text(c->now, found->text)),
             fmin(1.0, (found->last - found->first) / site->growth));
    }
    mt_arena_clear(&scratch);
}

/* The namespace of a name is a label that the code itself carries. */
static void by_namespace(const struct mt_rule *self, const struct mt_case *c,
                         struct mt_findings *out, const struct mt_site_table *t)
{
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
        struct mt_suspicion v = judge(c, t, i);
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
