/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goroutines grouped by the frame that blocks, the function they began in and their label: counts
 * from the first and the last snapshot; creator, wait and its length from dumps.
 */
#include "report/analysis/engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct key {
    uint32_t blocks, root, label_key, label_value;
};

/* What dumps know of the goroutines that block in one function and began in another. */
struct place {
    uint32_t creator, wait;
    int64_t longest_wait_ns;
};

struct table {
    struct mt_signals *signals;
    struct mt_strings names;       /* bytes of a key -> id; group id - 1 */
    struct mt_strings place_names; /* bytes of where it blocks and began -> id; place id - 1 */
    struct place *places;
    size_t n_places, cap_places;
    struct mt_goroutine_group *items;
    size_t *place_of;  /* by group */
    struct place *own; /* by group: what dumps with labels know of it alone */
    size_t n, cap, cap_place_of, cap_own;
};

static size_t place_at(struct table *t, const struct key *key)
{
    uint32_t place[2] = {key->blocks, key->root};
    uint32_t id =
        mt_intern(&t->place_names, (struct mt_span){(const unsigned char *)place, sizeof place});
    if (id > t->n_places) {
        MT_RESERVE(t->signals->arena, t->places, t->n_places, t->cap_places);
        t->places[t->n_places++] = (struct place){0};
    }
    return id - 1;
}

static struct mt_goroutine_group *group_of(struct table *t, struct key key)
{
    uint32_t id = mt_intern(&t->names, (struct mt_span){(const unsigned char *)&key, sizeof key});
    if (id == 0)
        return NULL;
    if (id > t->n) {
        MT_RESERVE(t->signals->arena, t->items, t->n, t->cap);
        MT_RESERVE(t->signals->arena, t->place_of, t->n, t->cap_place_of);
        MT_RESERVE(t->signals->arena, t->own, t->n, t->cap_own);
        t->place_of[t->n] = place_at(t, &key);
        t->own[t->n] = (struct place){0};
        t->items[t->n++] = (struct mt_goroutine_group){
            .function = key.blocks, .label_key = key.label_key, .label_value = key.label_value};
    }
    return &t->items[id - 1];
}

static void label_of(const struct mt_label *labels, size_t first, size_t n, struct key *key)
{
    for (size_t i = first; i < first + n; i++)
        if (mt_label_is_text(&labels[i])) {
            key->label_key = labels[i].key;
            key->label_value = labels[i].text;
            return;
        }
}

static uint32_t function_at(const struct mt_profile *p, uint32_t line)
{
    return line == MT_NO_INDEX || p->lines[line].function == MT_NO_INDEX
               ? 0
               : p->functions[p->lines[line].function].name;
}

static void count(struct table *t, struct key key, uint32_t blamed, double n, bool first, bool last)
{
    struct mt_goroutine_group *g = group_of(t, key);
    const struct mt_signals *s = t->signals;
    if (!g)
        return;
    g->first += first ? n : 0.0;
    g->last += last ? n : 0.0;
    g->origin = mt_symbol_origin(s->symbols, key.blocks);
    struct mt_site_sums *sums = mt_site_find(&s->goroutines, s->symbols, blamed);
    if (sums) {
        g->site = sums->site;
        if (!g->creator)
            g->creator = sums->site->creator;
        if (!g->wait)
            g->wait = sums->site->wait;
    }
}

static void add_profile(struct table *t, const struct mt_profile *p, bool first, bool last)
{
    struct mt_arena scratch = {0};
    struct mt_blame_table blame;
    mt_blame_open(&blame, &scratch, t->signals->symbols, p, NULL);
    for (size_t i = 0; i < p->n_samples; i++) {
        struct mt_blame b = mt_blame_sample(&blame, &p->samples[i]);
        struct key key = {.blocks = function_at(p, b.blocks == MT_NO_INDEX ? b.line : b.blocks),
                          .root = function_at(p, b.root)};
        label_of(p->labels, p->samples[i].first_label, p->samples[i].n_labels, &key);
        count(t, key, function_at(p, b.line), (double)p->values[i * p->n_types], first, last);
    }
    mt_arena_clear(&scratch);
}

static struct key key_of_goroutine(const struct mt_signals *s, const struct mt_goroutine_dump *d,
                                   const struct mt_goroutine *g, uint32_t *blamed)
{
    struct mt_blame b = mt_blame_goroutine(s->symbols, d, g, NULL);
    uint32_t at = b.blocks == MT_NO_INDEX ? b.line : b.blocks;
    *blamed = b.line == MT_NO_INDEX ? 0 : d->frames[b.line].function;
    struct key key = {.blocks = at == MT_NO_INDEX ? 0 : d->frames[at].function,
                      .root = b.root == MT_NO_INDEX ? 0 : d->frames[b.root].function};
    label_of(d->labels, g->first_label, g->n_labels, &key);
    return key;
}

static void add_dump(struct table *t, const struct mt_goroutine_dump *d, bool first, bool last)
{
    for (size_t i = 0; i < d->n_goroutines; i++) {
        uint32_t blamed;
        struct key key = key_of_goroutine(t->signals, d, &d->goroutines[i], &blamed);
        count(t, key, blamed, 1.0, first, last);
    }
}

static void note(struct place *at, const struct mt_goroutine *g)
{
    if (g->created_by.function)
        at->creator = g->created_by.function;
    if (g->state)
        at->wait = g->state;
    if (g->wait_ns > at->longest_wait_ns)
        at->longest_wait_ns = g->wait_ns;
}

static void note_waits(struct table *t, const struct mt_goroutine_dump *d)
{
    for (size_t i = 0; i < d->n_goroutines; i++) {
        const struct mt_goroutine *g = &d->goroutines[i];
        uint32_t blamed;
        struct key key = key_of_goroutine(t->signals, d, g, &blamed);
        size_t place = place_at(t, &key); /* may move the places */
        note(&t->places[place], g);
        uint32_t id =
            mt_intern_find(&t->names, (struct mt_span){(const unsigned char *)&key, sizeof key});
        if (d->n_labels && id && id <= t->n)
            note(&t->own[id - 1], g);
    }
}

/* What only dumps know: of the group itself, or lent to every group of the place, whatever its
 * label. */
static void lend_waits(struct table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct place *own = &t->own[i], *near = &t->places[t->place_of[i]];
        struct mt_goroutine_group *to = &t->items[i];
        if (own->creator || near->creator)
            to->creator = own->creator ? own->creator : near->creator;
        if (own->wait || near->wait)
            to->wait = own->wait ? own->wait : near->wait;
        to->longest_wait_ns = own->wait ? own->longest_wait_ns : near->longest_wait_ns;
    }
}

static int by_growth(const void *a, const void *b)
{
    const struct mt_goroutine_group *x = a, *y = b;
    double u = isnan(x->first) ? 0.0 : x->last - x->first;
    double v = isnan(y->first) ? 0.0 : y->last - y->first;
    if (u != v)
        return u > v ? -1 : 1;
    if (x->last != y->last)
        return x->last > y->last ? -1 : 1;
    if (x->function != y->function)
        return x->function < y->function ? -1 : 1;
    return (x->label_value > y->label_value) - (x->label_value < y->label_value);
}

/* --- who waits on what --- */

struct waiting {
    uint64_t address;
    const struct mt_goroutine *goroutine;
    uint32_t function;
};

static int by_address(const void *a, const void *b)
{
    const struct waiting *x = a, *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return (x->goroutine->id > y->goroutine->id) - (x->goroutine->id < y->goroutine->id);
}

static uint64_t address_of(const struct mt_goroutine *g)
{
    return g->lock_address ? g->lock_address : g->wait_address;
}

/* Somebody beyond the lock in the same function who does not wait for it. */
static const struct mt_goroutine *holder_of(const struct mt_goroutine_dump *d, uint64_t address,
                                            uint32_t function)
{
    for (size_t i = 0; i < d->n_goroutines; i++) {
        const struct mt_goroutine *g = &d->goroutines[i];
        if (address_of(g) == address)
            continue;
        for (uint32_t k = 0; k < g->n_frames; k++)
            if (d->frames[g->first_frame + k].function == function)
                return g;
    }
    return NULL;
}

static int by_waiters(const void *a, const void *b)
{
    const struct mt_blocking *x = a, *y = b;
    if (x->waiters != y->waiters)
        return x->waiters > y->waiters ? -1 : 1;
    return (x->address > y->address) - (x->address < y->address);
}

enum { MOST_BLOCKING = 20, LEAST_WAITERS = 2 };

/* In order of what they wait for. */
static struct waiting *all_waiting(const struct mt_signals *s, const struct mt_goroutine_dump *d,
                                   struct mt_arena *scratch, size_t *n)
{
    struct waiting *all = MT_NEW_N(scratch, struct waiting, d->n_goroutines);
    *n = 0;
    for (size_t i = 0; i < d->n_goroutines; i++) {
        uint32_t blamed;
        struct key key = key_of_goroutine(s, d, &d->goroutines[i], &blamed);
        if (address_of(&d->goroutines[i]) && key.blocks)
            all[(*n)++] =
                (struct waiting){address_of(&d->goroutines[i]), &d->goroutines[i], key.blocks};
    }
    if (*n)
        qsort(all, *n, sizeof *all, by_address);
    return all;
}

static bool is_lock(const struct waiting *all, size_t n, uint64_t address)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].address == address)
            return all[i].goroutine->lock_address != 0;
    return false;
}

static void add_holder(struct mt_signals *s, const struct mt_goroutine_dump *d,
                       struct mt_blocking *row)
{
    const struct mt_goroutine *held = holder_of(d, row->address, row->waiter_function);
    if (!held)
        return;
    uint32_t blamed;
    row->holder_function = key_of_goroutine(s, d, held, &blamed).blocks;
    row->holder_waits = address_of(held) != 0;
}

/* Holders are looked for behind the few rows that are kept: each look goes through the whole dump.
 */
static void blocking(struct mt_signals *s)
{
    const struct mt_bundle *b = s->bundle;
    if (!b->n_dumps)
        return;
    const struct mt_goroutine_dump *d = b->dumps[b->n_dumps - 1];
    struct mt_assessment *a = s->assessment;
    struct mt_arena scratch = {0};
    size_t n;
    const struct waiting *all = all_waiting(s, d, &scratch, &n);
    a->blocking = MT_NEW_N(s->arena, struct mt_blocking, n);
    for (size_t i = 0, j; i < n; i = j) {
        struct mt_blocking row = {.address = all[i].address,
                                  .wait = all[i].goroutine->state,
                                  .waiter_function = all[i].function,
                                  .next = SIZE_MAX};
        for (j = i; j < n && all[j].address == all[i].address; j++) {
            row.waiters++;
            if (all[j].goroutine->wait_ns > row.longest_wait_ns)
                row.longest_wait_ns = all[j].goroutine->wait_ns;
        }
        if (row.waiters >= LEAST_WAITERS)
            a->blocking[a->n_blocking++] = row;
    }
    if (a->n_blocking)
        qsort(a->blocking, a->n_blocking, sizeof *a->blocking, by_waiters);
    a->n_blocking = a->n_blocking < MOST_BLOCKING ? a->n_blocking : MOST_BLOCKING;
    for (size_t i = 0; i < a->n_blocking; i++)
        if (is_lock(all, n, a->blocking[i].address))
            add_holder(s, d, &a->blocking[i]);
    for (size_t i = 0; i < a->n_blocking; i++)
        for (size_t k = 0; k < a->n_blocking; k++)
            if (k != i && a->blocking[i].holder_waits &&
                a->blocking[k].waiter_function == a->blocking[i].holder_function)
                a->blocking[i].next = k;
    mt_arena_clear(&scratch);
}

void mt_signal_groups(struct mt_signals *s)
{
    struct mt_assessment *a = s->assessment;
    const struct mt_snapshots *shots = &s->goroutines.snapshots;
    struct table t = {.signals = s};
    mt_strings_init(&t.names, s->arena);
    mt_strings_init(&t.place_names, s->arena);
    for (size_t i = 0; i < shots->n; i++) {
        bool first = i == 0, last = i + 1 == shots->n;
        if (!first && !last)
            continue;
        if (shots->items[i].profile)
            add_profile(&t, shots->items[i].profile, first, last);
        else
            add_dump(&t, shots->items[i].dump, first, last);
    }
    for (size_t i = 0; i < s->bundle->n_dumps; i++)
        note_waits(&t, s->bundle->dumps[i]);
    lend_waits(&t);
    if (shots->n) {
        a->goroutines_first = shots->n > 1 ? shots->items[0].total : NAN;
        a->goroutines_last = shots->items[shots->n - 1].total;
    } else if (s->by_metric[MT_M_GOROUTINES]) {
        const struct mt_series *series = mt_signal_series(s, MT_M_GOROUTINES);
        a->goroutines_first = series->value[0];
        a->goroutines_last = series->value[series->n - 1];
    }
    for (size_t i = 0; shots->n == 1 && i < t.n; i++)
        t.items[i].first = NAN;
    if (t.n)
        qsort(t.items, t.n, sizeof *t.items, by_growth);
    a->groups = t.items;
    a->n_groups = t.n;
    blocking(s);
}
