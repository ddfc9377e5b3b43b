/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goroutines by where they were created and what they run: how many, how long in which state, and
 * of those that never ended where they are blocked and when they were made. Of each goroutine
 * something is kept as long as it lives; the sums are by site.
 */
#include "parsers/base/idmap.h"
#include "parsers/formats/gotrace/consumer.h"
#include "parsers/formats/gotrace/course.h"

#include <stdlib.h>
#include <string.h>

struct goroutine {
    int64_t since_ns; /* in its state */
    int64_t created_ns;
    int64_t state_ns[MT_GO_STATES]; /* before its site is known; then 0 */
    uint32_t site;                  /* plus one; 0 as long as its start function is not known */
    uint32_t wait_reason, wait_stack;
    uint8_t state;
    bool lives, created;
};

struct state {
    struct mt_arena *arena;       /* scratch */
    struct goroutine *goroutines; /* by slot */
    size_t n_goroutines;
    struct mt_trace_site *sites;
    size_t n_sites, cap_sites;
    uint64_t *votes; /* by site, for its parent */
    size_t n_votes;
    struct mt_course **courses; /* by site; NULL: nothing was created or ended */
    size_t n_courses;
    struct mt_idmap of_stacks;    /* creator's stack and first stack to site */
    struct mt_idmap of_places;    /* function and line of the go statement to place */
    struct mt_idmap of_functions; /* place and start function to site */
    uint32_t n_places;
    int64_t sync_ns;
};

static void begin(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    s->arena = &feed->scratch;
    s->of_stacks.arena = s->of_places.arena = s->of_functions.arena = s->arena;
}

static const struct mt_frame *frame_of(const struct mt_trace_feed *feed, uint32_t stack,
                                       bool outermost)
{
    size_t n;
    const uint32_t *frames = mt_stack_frames(&feed->stacks, stack, &n);
    return n ? mt_frame_at(&feed->stacks, frames[outermost ? n - 1 : 0]) : NULL;
}

/* The site of a go statement (none: not seen) and a start function, by content. */
static uint32_t site_of(struct state *s, const struct mt_frame *go, uint32_t start_function)
{
    uint64_t place_key = go ? (uint64_t)go->function << 32 | (uint32_t)go->line : UINT64_MAX;
    uint32_t place = mt_idmap_get(&s->of_places, place_key);
    if (place == MT_IDMAP_NONE) {
        place = s->n_places++;
        mt_idmap_set(&s->of_places, place_key, place);
    }
    uint64_t key = (uint64_t)place << 32 | start_function;
    uint32_t index = mt_idmap_get(&s->of_functions, key);
    if (index != MT_IDMAP_NONE)
        return index;
    MT_RESERVE(s->arena, s->sites, s->n_sites, s->cap_sites);
    index = (uint32_t)s->n_sites++;
    s->sites[index] = (struct mt_trace_site){.creator = go ? go->function : 0,
                                             .creator_file = go ? go->file : 0,
                                             .creator_line = go ? (uint32_t)go->line : 0,
                                             .start_function = start_function};
    mt_idmap_set(&s->of_functions, key, index);
    return index;
}

static uint32_t site_of_stacks(struct state *s, const struct mt_trace_feed *feed, uint32_t creator,
                               uint32_t first)
{
    uint64_t key = (uint64_t)creator << 32 | first;
    uint32_t index = mt_idmap_get(&s->of_stacks, key);
    if (index == MT_IDMAP_NONE) {
        const struct mt_frame *outermost = frame_of(feed, first, true);
        index = site_of(s, frame_of(feed, creator, false), outermost ? outermost->function : 0);
        mt_idmap_set(&s->of_stacks, key, index);
    }
    return index;
}

static struct mt_course *course_of(struct state *s, uint32_t site)
{
    struct mt_course **course = MT_SLOT(s->arena, s->courses, s->n_courses, site);
    if (!*course)
        *course = MT_NEW(s->arena, struct mt_course);
    return *course;
}

/* From here on the goroutine's times go straight to its site. */
static void settle(struct state *s, struct goroutine *g, uint32_t site)
{
    struct mt_trace_site *to = &s->sites[site];
    for (unsigned i = 0; i < MT_GO_STATES; i++) {
        to->state_ns[i] = mt_ns_sum(to->state_ns[i], g->state_ns[i]);
        g->state_ns[i] = 0;
    }
    to->created += g->created;
    if (g->created)
        mt_course_add(course_of(s, site), MT_COURSE_CREATED, g->created_ns);
    to->existing_at_start += !g->created;
    g->site = site + 1;
}

static void credit(struct state *s, struct goroutine *g, int64_t now_ns)
{
    int64_t *sums = g->site ? s->sites[g->site - 1].state_ns : g->state_ns;
    if (g->state < MT_GO_STATES) /* a status may say that nothing is known */
        sums[g->state] = mt_ns_sum(sums[g->state], mt_ns_since(now_ns, g->since_ns));
    g->since_ns = now_ns;
}

/* The chain of parents: a creator's stack ends in what its goroutine started with. One that made
 * more than half of a site's goroutines stays. */
static void vote(struct state *s, const struct mt_trace_feed *feed, uint32_t site, uint32_t creator)
{
    const struct mt_frame *outermost = frame_of(feed, creator, true);
    if (!outermost)
        return;
    uint64_t *votes = MT_SLOT(s->arena, s->votes, s->n_votes, site);
    if (!*votes)
        s->sites[site].parent = outermost->function;
    *votes += s->sites[site].parent == outermost->function ? 1 : UINT64_MAX;
}

static void appear(struct state *s, struct mt_trace_feed *feed, struct goroutine *g,
                   const struct mt_event *ev)
{
    bool created = ev->from == MT_GO_NOT_EXIST;
    *g = (struct goroutine){
        .since_ns = ev->from == MT_GO_UNDETERMINED ? s->sync_ns : ev->time_ns,
        .created_ns = ev->time_ns,
        .wait_stack = created ? 0 : ev->target_stack,
        .state = ev->to,
        .lives = true,
        .created = created,
    };
    uint32_t first = ev->start_stack ? ev->start_stack : ev->target_stack;
    if (first)
        settle(s, g, site_of_stacks(s, feed, created ? ev->stack : 0, first));
    if (first && created)
        vote(s, feed, g->site - 1, ev->stack);
}

static void move(struct state *s, struct mt_trace_feed *feed, const struct mt_event *ev)
{
    struct goroutine *g = MT_SLOT(s->arena, s->goroutines, s->n_goroutines, ev->slot);
    if (ev->from == MT_GO_NOT_EXIST || !g->lives) {
        appear(s, feed, g, ev);
        return;
    }
    if (!g->site && ev->target_stack)
        settle(s, g, site_of_stacks(s, feed, 0, ev->target_stack));
    if (ev->to == g->state) {
        if (!g->wait_stack) /* a status of a later generation may know */
            g->wait_stack = ev->target_stack;
        return;
    }
    credit(s, g, ev->time_ns);
    if (ev->to == MT_GO_NOT_EXIST) {
        if (!g->site)
            settle(s, g, site_of_stacks(s, feed, 0, 0));
        s->sites[g->site - 1].ended++;
        mt_course_add(course_of(s, g->site - 1), MT_COURSE_ENDED, ev->time_ns);
        g->lives = false;
        return;
    }
    g->state = ev->to;
    g->wait_reason = ev->name;
    g->wait_stack = ev->target_stack;
}

static void events(void *state, struct mt_trace_feed *feed, const struct mt_event *ev, size_t n)
{
    struct state *s = state;
    for (; n; n--, ev++) {
        if (ev->kind == MT_EV_SYNC)
            s->sync_ns = ev->time_ns;
        if (ev->kind == MT_EV_TRANSITION && ev->scope == MT_ABOUT_GOROUTINE &&
            ev->slot != MT_NO_SLOT)
            move(s, feed, ev);
    }
}

/* ---- the end ------------------------------------------------------------------------------ */

/* Where goroutines of a site are blocked, and how many of them. */
struct place {
    uint32_t site, reason, frame;
    uint32_t count;
};

static int by_site(const void *left, const void *right)
{
    return memcmp(left, right, offsetof(struct place, count));
}

static void name_commonest(struct state *s, struct mt_trace_feed *feed, struct place *places,
                           size_t n)
{
    if (n)
        qsort(places, n, sizeof *places, by_site);
    for (size_t i = 0, same = 0; i < n; i++) {
        same = i && by_site(&places[i], &places[i - 1]) == 0 ? same + 1 : 1;
        struct mt_trace_site *site = &s->sites[places[i].site];
        if (same <= site->wait_count)
            continue;
        const struct mt_frame *frame = mt_frame_at(&feed->stacks, places[i].frame);
        site->wait_count = same;
        site->wait_reason = places[i].reason;
        site->wait_function = places[i].frame ? frame->function : 0;
        site->wait_file = places[i].frame ? frame->file : 0;
        site->wait_line = places[i].frame ? (uint32_t)frame->line : 0;
    }
}

static void count_alive(struct state *s, struct mt_trace_feed *feed)
{
    struct place *places = MT_NEW_N(s->arena, struct place, s->n_goroutines);
    size_t n = 0;
    for (size_t i = 0; i < s->n_goroutines; i++) {
        struct goroutine *g = &s->goroutines[i];
        if (!g->lives)
            continue;
        int64_t waited_ns = mt_ns_since(feed->last_ns, g->since_ns);
        if (!g->site)
            settle(s, g, site_of_stacks(s, feed, 0, 0));
        credit(s, g, feed->last_ns);
        struct mt_trace_site *site = &s->sites[g->site - 1];
        site->alive_at_end++;
        site->never_ended += g->created;
        if (g->created)
            mt_course_add(course_of(s, g->site - 1), MT_COURSE_LEFT, g->created_ns);
        if (g->state != MT_GO_WAITING)
            continue;
        if (waited_ns > site->longest_wait_ns)
            site->longest_wait_ns = waited_ns;
        places[n++] = (struct place){.site = g->site - 1,
                                     .reason = g->wait_reason,
                                     .frame = mt_feed_blocking_frame(feed, g->wait_stack)};
    }
    name_commonest(s, feed, places, n);
}

static void keep_courses(struct state *s, struct mt_trace_feed *feed)
{
    struct mt_trace *t = feed->capture->trace;
    t->bin_ns = mt_course_width(feed->last_ns, &t->n_bins);
    for (size_t i = 0; i < s->n_sites && i < s->n_courses; i++)
        if (s->courses[i])
            s->sites[i].course =
                mt_course_keep(s->courses[i], t->bin_ns, t->n_bins, feed->capture->arena);
}

/* qsort has no context, so the names go with the rows. */
struct ranked {
    struct mt_trace_site site;
    struct mt_span start, creator;
};

static int by_rank(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->site.never_ended != b->site.never_ended)
        return a->site.never_ended < b->site.never_ended ? 1 : -1;
    if (a->site.created != b->site.created)
        return a->site.created < b->site.created ? 1 : -1;
    int order = mt_span_compare(a->start, b->start);
    if (order == 0)
        order = mt_span_compare(a->creator, b->creator);
    if (order == 0 && a->site.creator_line != b->site.creator_line)
        order = a->site.creator_line < b->site.creator_line ? -1 : 1;
    return order;
}

static void end(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    struct mt_trace *t = feed->capture->trace;
    const struct mt_strings *strings = feed->capture->strings;
    count_alive(s, feed);
    keep_courses(s, feed);
    struct ranked *ranked = MT_NEW_N(s->arena, struct ranked, s->n_sites);
    for (size_t i = 0; i < s->n_sites; i++)
        ranked[i] = (struct ranked){s->sites[i], mt_string(strings, s->sites[i].start_function),
                                    mt_string(strings, s->sites[i].creator)};
    if (s->n_sites)
        qsort(ranked, s->n_sites, sizeof *ranked, by_rank);
    t->sites = MT_NEW_N(feed->capture->arena, struct mt_trace_site, s->n_sites);
    for (; t->n_sites < s->n_sites; t->n_sites++) {
        struct mt_trace_site *site = &t->sites[t->n_sites];
        *site = ranked[t->n_sites].site;
        t->created += site->created;
        t->ended += site->ended;
        t->existing_at_start += site->existing_at_start;
        t->alive_at_end += site->alive_at_end;
        for (unsigned i = 0; i < MT_GO_STATES; i++)
            t->state_ns[i] = mt_ns_sum(t->state_ns[i], site->state_ns[i]);
    }
}

const struct mt_trace_consumer mt_trace_consumer_goroutines = {
    .name = "goroutines",
    .state_bytes = sizeof(struct state),
    .kinds = MT_KIND(MT_EV_TRANSITION) | MT_KIND(MT_EV_SYNC),
    .begin = begin,
    .events = events,
    .end = end,
};
