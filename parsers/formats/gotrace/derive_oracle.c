/* SPDX-License-Identifier: Apache-2.0 */
/* For `inspect` only: what oracle.h holds, counted event by event, and the digest of the listing.
 */
#include "parsers/base/digest.h"
#include "parsers/base/idmap.h"
#include "parsers/formats/gotrace/listing.h"
#include "parsers/formats/gotrace/oracle.h"

#include <stdlib.h>

enum { PAGE_IDS = 1 << 12 };

/* A set of numbers that mostly follow each other: pages of bits. */
struct id_set {
    struct mt_idmap page_of;
    struct id_page {
        uint64_t bits[PAGE_IDS / 64];
    } * *pages;
    size_t n_pages, cap_pages;
    uint64_t count;
};

struct goroutine {
    int64_t since_ns;
    uint32_t reason, site; /* site: index + 1, 0 as long as the start function is not known */
    uint8_t state;
    bool created;
};

struct state {
    struct mt_arena *arena; /* scratch */
    struct mt_oracle o;
    struct mt_listing listing;
    struct mt_sha256 digest;
    struct mt_text text;
    int64_t sync_ns;
    struct goroutine *goroutines; /* by slot */
    size_t n_goroutines;
    struct id_set ids, procs, threads, stacks;
    struct mt_idmap site_of, wait_of; /* by string id */
};

/* ---- sets --------------------------------------------------------------------------------- */

static void add_id(struct mt_arena *arena, struct id_set *set, uint64_t id)
{
    set->page_of.arena = arena;
    uint64_t number = id / PAGE_IDS;
    uint32_t at = mt_idmap_get(&set->page_of, number);
    if (at == MT_IDMAP_NONE) {
        MT_RESERVE(arena, set->pages, set->n_pages, set->cap_pages);
        at = (uint32_t)set->n_pages++;
        set->pages[at] = MT_NEW(arena, struct id_page);
        mt_idmap_set(&set->page_of, number, at);
    }
    uint64_t *word = &set->pages[at]->bits[id % PAGE_IDS / 64], bit = 1ull << id % 64;
    set->count += !(*word & bit);
    *word |= bit;
}

/* ---- goroutines --------------------------------------------------------------------------- */

static struct goroutine *goroutine_at(struct state *s, uint32_t slot)
{
    if (slot >= s->n_goroutines) {
        size_t more = s->n_goroutines ? s->n_goroutines * 2 : 256;
        while (more <= slot)
            more *= 2;
        s->goroutines =
            mt_arena_grow(s->arena, s->goroutines, s->n_goroutines, more, sizeof *s->goroutines);
        for (size_t i = s->n_goroutines; i < more; i++)
            s->goroutines[i].state = MT_GO_NOT_EXIST;
        s->n_goroutines = more;
    }
    return &s->goroutines[slot];
}

static struct mt_oracle_site *site_at(struct state *s, uint32_t function)
{
    s->site_of.arena = s->arena;
    uint32_t at = mt_idmap_get(&s->site_of, function);
    if (at == MT_IDMAP_NONE) {
        MT_RESERVE(s->arena, s->o.sites, s->o.n_sites, s->o.cap_sites);
        at = (uint32_t)s->o.n_sites++;
        s->o.sites[at] = (struct mt_oracle_site){.function = function};
        mt_idmap_set(&s->site_of, function, at);
    }
    return &s->o.sites[at];
}

static void add_wait(struct state *s, uint32_t reason, int64_t ns)
{
    s->wait_of.arena = s->arena;
    uint32_t at = mt_idmap_get(&s->wait_of, reason);
    if (at == MT_IDMAP_NONE) {
        MT_RESERVE(s->arena, s->o.waits, s->o.n_waits, s->o.cap_waits);
        at = (uint32_t)s->o.n_waits++;
        s->o.waits[at] = (struct mt_oracle_wait){.reason = reason};
        mt_idmap_set(&s->wait_of, reason, at);
    }
    s->o.waits[at].total_ns = mt_ns_sum(s->o.waits[at].total_ns, ns);
}

static void credit(struct state *s, const struct goroutine *g, int64_t now_ns)
{
    if (g->state >= MT_GO_STATES)
        return;
    s->o.state_ns[g->state] = mt_ns_sum(s->o.state_ns[g->state], mt_ns_since(now_ns, g->since_ns));
    if (g->state == MT_GO_WAITING)
        add_wait(s, g->reason, mt_ns_since(now_ns, g->since_ns));
}

/* Counts the goroutine under its start function: when that turns up, or "" at its end. */
static void settle(struct state *s, struct goroutine *g, uint32_t function)
{
    struct mt_oracle_site *site = site_at(s, function);
    site->created += g->created;
    site->existing_at_start += !g->created;
    g->site = (uint32_t)(site - s->o.sites) + 1;
}

static void find_start(struct state *s, const struct mt_trace_feed *feed, struct goroutine *g,
                       uint32_t stack)
{
    if (!stack || g->site)
        return;
    size_t n;
    const uint32_t *frames = mt_stack_frames(&feed->stacks, stack, &n);
    uint32_t function = mt_frame_at(&feed->stacks, frames[n - 1])->function;
    if (function)
        settle(s, g, function);
}

static void end_goroutine(struct state *s, struct goroutine *g)
{
    if (!g->site)
        settle(s, g, 0);
    *g = (struct goroutine){.state = MT_GO_NOT_EXIST};
}

static void start_goroutine(struct state *s, struct goroutine *g, const struct mt_event *ev)
{
    bool created = ev->from == MT_GO_NOT_EXIST;
    *g = (struct goroutine){
        .since_ns = ev->from == MT_GO_UNDETERMINED ? s->sync_ns : ev->time_ns,
        .state = ev->to,
        .created = created,
    };
    s->o.created += created;
    s->o.existing += !created;
}

static void move(struct state *s, const struct mt_trace_feed *feed, const struct mt_event *ev)
{
    add_id(s->arena, &s->ids, (uint64_t)ev->subject);
    if (ev->slot == MT_NO_SLOT)
        return;
    struct goroutine *g = goroutine_at(s, ev->slot);
    bool ends = ev->to == MT_GO_NOT_EXIST;
    bool known = g->state != MT_GO_NOT_EXIST && ev->from != MT_GO_NOT_EXIST;
    if (known && ev->from != ev->to) {
        credit(s, g, ev->time_ns);
        g->state = ev->to;
        g->since_ns = ev->time_ns;
        g->reason = ev->to == MT_GO_WAITING ? ev->name : 0;
    } else if (!known && !ends) {
        start_goroutine(s, g, ev);
    }
    if (g->state != MT_GO_NOT_EXIST || ends)
        find_start(s, feed, g, ev->target_stack);
    if (ends) {
        s->o.ended += ev->from != MT_GO_NOT_EXIST;
        end_goroutine(s, g);
    }
}

/* ---- ranges ------------------------------------------------------------------------------- */

static void mark(struct state *s, const struct mt_event *ev)
{
    struct mt_oracle *o = &s->o;
    struct mt_oracle_span *last = o->n_marks ? &o->marks[o->n_marks - 1] : NULL;
    bool open = last && last->open;
    if (ev->kind == MT_EV_RANGE_END) {
        if (open) {
            last->open = false;
            last->end_ns = ev->time_ns;
        }
        return;
    }
    if (ev->kind == MT_EV_RANGE_ACTIVE && open)
        return;
    MT_RESERVE(s->arena, o->marks, o->n_marks, o->cap_marks);
    o->marks[o->n_marks++] = (struct mt_oracle_span){
        .start_ns = ev->kind == MT_EV_RANGE_ACTIVE ? s->sync_ns : ev->time_ns, .open = true};
}

/* The oldest open one of that reason, preferably of that goroutine. */
static struct mt_oracle_span *open_stop(struct mt_oracle *o, uint32_t reason, int64_t goroutine)
{
    struct mt_oracle_span *any = NULL;
    for (size_t i = 0; i < o->n_stops; i++) {
        struct mt_oracle_span *p = &o->stops[i];
        if (!p->open || p->reason != reason)
            continue;
        if (p->goroutine == goroutine)
            return p;
        if (!any)
            any = p;
    }
    return any;
}

static void stop(struct state *s, const struct mt_event *ev)
{
    struct mt_oracle *o = &s->o;
    if (ev->kind == MT_EV_RANGE_END) {
        struct mt_oracle_span *p = open_stop(o, ev->name, ev->subject);
        if (p) {
            p->open = false;
            p->end_ns = ev->time_ns;
        }
        return;
    }
    MT_RESERVE(s->arena, o->stops, o->n_stops, o->cap_stops);
    o->stops[o->n_stops++] = (struct mt_oracle_span){
        .reason = ev->name, .goroutine = ev->subject, .start_ns = ev->time_ns, .open = true};
}

static void close_open(struct mt_oracle_span *spans, size_t n, int64_t end_ns)
{
    for (size_t i = 0; i < n; i++) {
        if (!spans[i].open)
            continue;
        spans[i].open_at_end = true;
        spans[i].end_ns = end_ns;
    }
}

static void metric(struct state *s, const struct mt_event *ev)
{
    struct mt_oracle_metric *m = &s->o.metrics[ev->what];
    if (!m->samples++)
        m->first = m->least = m->most = ev->value;
    m->last = ev->value;
    if (ev->value < m->least)
        m->least = ev->value;
    if (ev->value > m->most)
        m->most = ev->value;
}

/* ---- the consumer ------------------------------------------------------------------------- */

static void begin(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    s->arena = &feed->scratch;
    mt_listing_init(&s->listing, &feed->scratch);
    mt_sha256_begin(&s->digest);
}

static void count(struct state *s, const struct mt_trace_feed *feed, const struct mt_event *ev)
{
    s->o.kinds[ev->kind]++;
    s->o.n_events++;
    s->o.last_ns = ev->time_ns;
    if (ev->thread != MT_NO_ID)
        add_id(s->arena, &s->threads, (uint64_t)ev->thread);
    if (ev->stack)
        add_id(s->arena, &s->stacks, ev->stack);
    if (ev->target_stack)
        add_id(s->arena, &s->stacks, ev->target_stack);
    bool range = ev->kind == MT_EV_RANGE_BEGIN || ev->kind == MT_EV_RANGE_ACTIVE ||
                 ev->kind == MT_EV_RANGE_END;
    if (ev->kind == MT_EV_SYNC)
        s->sync_ns = ev->time_ns;
    else if (ev->kind == MT_EV_METRIC)
        metric(s, ev);
    else if (range && ev->what == MT_RANGE_MARK)
        mark(s, ev);
    else if (range && ev->what == MT_RANGE_STOP)
        stop(s, ev);
    else if (ev->kind == MT_EV_TRANSITION && ev->scope == MT_ABOUT_PROC)
        add_id(s->arena, &s->procs, (uint64_t)ev->subject);
    else if (ev->kind == MT_EV_TRANSITION)
        move(s, feed, ev);
}

static void events(void *state, struct mt_trace_feed *feed, const struct mt_event *ev, size_t n)
{
    struct state *s = state;
    s->text.size = 0;
    for (size_t i = 0; i < n; i++) {
        count(s, feed, &ev[i]);
        mt_listing_add(&s->listing, &s->text, feed, &ev[i]);
    }
    mt_sha256_add(&s->digest, mt_text_view(&s->text));
}

struct ranked {
    struct mt_span name;
    struct mt_oracle_site site;
};

static int by_created(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->site.created != y->site.created)
        return x->site.created > y->site.created ? -1 : 1;
    return mt_span_compare(x->name, y->name);
}

static void rank_sites(struct mt_trace_feed *feed, struct mt_oracle *o)
{
    struct ranked *ranked = MT_NEW_N(&feed->scratch, struct ranked, o->n_sites);
    for (size_t i = 0; i < o->n_sites; i++)
        ranked[i] =
            (struct ranked){mt_string(feed->capture->strings, o->sites[i].function), o->sites[i]};
    qsort(ranked, o->n_sites, sizeof *ranked, by_created);
    struct mt_oracle_site *kept = MT_NEW_N(feed->capture->arena, struct mt_oracle_site, o->n_sites);
    for (size_t i = 0; i < o->n_sites; i++)
        kept[i] = ranked[i].site;
    o->sites = kept;
}

static void *keep(struct mt_trace_feed *feed, const void *items, size_t n, size_t size)
{
    return n ? mt_arena_copy(feed->capture->arena, items, n * size) : NULL;
}

static void end(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    struct mt_oracle *o = &s->o;
    for (size_t i = 0; i < s->n_goroutines; i++) {
        struct goroutine *g = &s->goroutines[i];
        if (g->state == MT_GO_NOT_EXIST)
            continue;
        credit(s, g, o->last_ns);
        if (!g->site)
            settle(s, g, 0);
        o->sites[g->site - 1].alive_at_end++;
        o->alive++;
    }
    close_open(o->marks, o->n_marks, o->last_ns);
    close_open(o->stops, o->n_stops, o->last_ns);
    o->go_minor = feed->go_minor;
    o->complete = feed->complete;
    o->n_syncs = o->kinds[MT_EV_SYNC];
    o->seen = s->ids.count;
    o->procs = s->procs.count;
    o->threads = s->threads.count;
    o->stacks = s->stacks.count;
    mt_sha256_end(&s->digest, o->events_sha256);
    rank_sites(feed, o);
    o->waits = keep(feed, o->waits, o->n_waits, sizeof *o->waits);
    o->marks = keep(feed, o->marks, o->n_marks, sizeof *o->marks);
    o->stops = keep(feed, o->stops, o->n_stops, sizeof *o->stops);
    feed->capture->detail = keep(feed, o, 1, sizeof *o);
    mt_text_clear(&s->text);
}

const struct mt_trace_consumer mt_trace_consumer_oracle = {
    .name = "oracle",
    .state_bytes = sizeof(struct state),
    .kinds = MT_KINDS_ALL,
    .inspecting = true,
    .begin = begin,
    .events = events,
    .end = end,
};
