/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/listing.h"

#include <inttypes.h>

void mt_listing_init(struct mt_listing *l, struct mt_arena *arena)
{
    *l = (struct mt_listing){.arena = arena};
}

static void quoted(struct mt_text *out, struct mt_span s)
{
    static const char digits[] = "0123456789abcdef";
    mt_text_byte(out, '"');
    for (size_t i = 0; i < s.size; i++) {
        unsigned char c = s.data[i];
        if (c >= 0x20 && c <= 0x7e && c != '"' && c != '\\') {
            mt_text_byte(out, (char)c);
        } else {
            mt_text_add(out, "\\x");
            mt_text_byte(out, digits[c >> 4]);
            mt_text_byte(out, digits[c & 15]);
        }
    }
    mt_text_byte(out, '"');
}

static void named(struct mt_text *out, const struct mt_trace_feed *feed, const char *key,
                  uint32_t string)
{
    mt_text_add(out, key);
    quoted(out, mt_string(feed->capture->strings, string));
}

static void number(struct mt_text *out, const char *key, uint64_t value)
{
    mt_text_add(out, key);
    mt_text_u64(out, value);
}

static void signed_number(struct mt_text *out, const char *key, int64_t value)
{
    mt_text_add(out, key);
    mt_text_i64(out, value);
}

/* ---- stacks ------------------------------------------------------------------------------- */

static uint64_t fnv_bytes(uint64_t h, struct mt_span s)
{
    for (size_t i = 0; i < s.size; i++)
        h = (h ^ s.data[i]) * 0x100000001b3u;
    return h * 0x100000001b3u; /* the NUL behind it */
}

static uint64_t fnv_decimal(uint64_t h, uint64_t value)
{
    unsigned char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (unsigned char)('0' + value % 10);
    while (value /= 10);
    return fnv_bytes(h, (struct mt_span){digits + at, sizeof digits - at});
}

static uint64_t hash_of(struct mt_listing *l, const struct mt_trace_feed *feed, uint32_t stack)
{
    if (stack >= l->n_stack_hash) {
        size_t more = l->n_stack_hash ? l->n_stack_hash * 2 : 1024;
        while (more <= stack)
            more *= 2;
        l->stack_hash =
            mt_arena_grow(l->arena, l->stack_hash, l->n_stack_hash, more, sizeof *l->stack_hash);
        l->n_stack_hash = more;
    }
    if (l->stack_hash[stack])
        return l->stack_hash[stack];
    uint64_t h = 0xcbf29ce484222325u;
    size_t n;
    const uint32_t *frames = mt_stack_frames(&feed->stacks, stack, &n);
    for (size_t i = 0; i < n; i++) {
        const struct mt_frame *f = mt_frame_at(&feed->stacks, frames[i]);
        h = fnv_bytes(h, mt_string(feed->capture->strings, f->function));
        h = fnv_bytes(h, mt_string(feed->capture->strings, f->file));
        h = fnv_decimal(h, f->line);
        h = fnv_decimal(h, f->pc);
    }
    return l->stack_hash[stack] = h;
}

static void stack(struct mt_listing *l, struct mt_text *out, const struct mt_trace_feed *feed,
                  const char *key, uint32_t stack)
{
    if (!stack)
        return;
    size_t n;
    const uint32_t *frames = mt_stack_frames(&feed->stacks, stack, &n);
    uint64_t hash = hash_of(l, feed, stack);
    number(out, key, n);
    mt_text_byte(out, ':');
    for (int shift = 60; shift >= 0; shift -= 4)
        mt_text_byte(out, "0123456789abcdef"[hash >> shift & 15]);
    mt_text_byte(out, ':');
    quoted(out, mt_string(feed->capture->strings, mt_frame_at(&feed->stacks, frames[0])->function));
}

/* ---- one function a kind ------------------------------------------------------------------ */

static void resource(struct mt_text *out, const char *key, const struct mt_event *ev)
{
    mt_text_add(out, key);
    if (ev->scope == MT_ABOUT_NONE) {
        mt_text_add(out, "None");
        return;
    }
    signed_number(out, ev->scope == MT_ABOUT_PROC ? "Proc(" : "Goroutine(", ev->subject);
    mt_text_byte(out, ')');
}

static const char *state_name(const struct mt_event *ev, uint8_t state)
{
    static const char *const go[] = {
        [MT_GO_RUNNABLE] = "Runnable",  [MT_GO_RUNNING] = "Running",
        [MT_GO_WAITING] = "Waiting",    [MT_GO_SYSCALL] = "Syscall",
        [MT_GO_NOT_EXIST] = "NotExist", [MT_GO_UNDETERMINED] = "Undetermined",
    };
    static const char *const proc[] = {
        [MT_PROC_RUNNING] = "Running",
        [MT_PROC_IDLE] = "Idle",
        [MT_PROC_NOT_EXIST] = "NotExist",
        [MT_PROC_UNDETERMINED] = "Undetermined",
    };
    return ev->scope == MT_ABOUT_PROC ? proc[state] : go[state];
}

static void sync_details(struct mt_text *out, const struct mt_event_sync *s)
{
    number(out, " n=", s->number);
    if (s->has_clock)
        mt_text_printf(out, " clock=%" PRId64 ",%" PRIu64 ",%" PRId64 ".%09" PRId64, s->clock_ns,
                       s->monotonic_ns, s->wall_s, s->wall_ns);
    if (s->exp_batches)
        mt_text_printf(out, " exp=\"AllocFree\":%" PRIu64 ":%" PRIu64, s->exp_batches,
                       s->exp_bytes);
}

static void range_details(struct mt_text *out, const struct mt_trace_feed *feed,
                          const struct mt_event *ev)
{
    mt_text_add(out, " name=");
    if (ev->what == MT_RANGE_STOP) {
        struct mt_text name = {0};
        mt_text_add(&name, "stop-the-world (");
        mt_text_span(&name, mt_string(feed->capture->strings, ev->name));
        mt_text_byte(&name, ')');
        quoted(out, mt_text_view(&name));
        mt_text_clear(&name);
    } else {
        quoted(out, mt_span_of(mt_event_range_name(ev->what)));
    }
    resource(out, " scope=", ev);
    if (ev->kind == MT_EV_RANGE_END && ev->what == MT_RANGE_SWEEP) {
        number(out, " \"bytes swept\"=", ev->value);
        number(out, " \"bytes reclaimed\"=", ev->reclaimed_bytes);
    }
}

static void task_details(struct mt_text *out, const struct mt_trace_feed *feed,
                         const struct mt_event *ev)
{
    number(out, " id=", ev->task);
    if (ev->value == MT_NO_TASK)
        mt_text_add(out, " parent=none");
    else
        number(out, " parent=", ev->value);
    named(out, feed, " type=", ev->name);
}

static void experimental_details(struct mt_text *out, const struct mt_event_experimental *e)
{
    mt_text_printf(out, " exp=\"%s\" name=\"%s\"", e->kind->experiment, e->kind->name);
    for (size_t i = 0; i < e->kind->n_numbers; i++)
        mt_text_printf(out, " %s=%" PRIu64, e->kind->number_name[i], e->number[i]);
}

static void transition_details(struct mt_listing *l, struct mt_text *out,
                               const struct mt_trace_feed *feed, const struct mt_event *ev)
{
    resource(out, " res=", ev);
    mt_text_byte(out, ' ');
    mt_text_add(out, state_name(ev, ev->from));
    mt_text_add(out, "->");
    mt_text_add(out, state_name(ev, ev->to));
    named(out, feed, " reason=", ev->name);
    stack(l, out, feed, " tstk=", ev->target_stack);
}

static void details(struct mt_listing *l, struct mt_text *out, const struct mt_trace_feed *feed,
                    const struct mt_event *ev)
{
    switch ((enum mt_event_kind)ev->kind) {
    case MT_EV_SYNC:
        sync_details(out, ev->sync);
        break;
    case MT_EV_METRIC:
        mt_text_printf(out, " name=\"%s\" value=%" PRIu64, mt_event_metric_name(ev->what),
                       ev->value);
        break;
    case MT_EV_LABEL:
        named(out, feed, " label=", ev->name);
        resource(out, " res=", ev);
        break;
    case MT_EV_RANGE_BEGIN:
    case MT_EV_RANGE_ACTIVE:
    case MT_EV_RANGE_END:
        range_details(out, feed, ev);
        break;
    case MT_EV_TASK_BEGIN:
    case MT_EV_TASK_END:
        task_details(out, feed, ev);
        break;
    case MT_EV_REGION_BEGIN:
    case MT_EV_REGION_END:
        number(out, " task=", ev->task);
        named(out, feed, " type=", ev->name);
        break;
    case MT_EV_LOG:
        number(out, " task=", ev->task);
        named(out, feed, " category=", ev->name);
        mt_text_add(out, " message=");
        quoted(out, *ev->message);
        break;
    case MT_EV_TRANSITION:
        transition_details(l, out, feed, ev);
        break;
    case MT_EV_EXPERIMENTAL:
        experimental_details(out, ev->experimental);
        break;
    case MT_EV_STACK_SAMPLE:
    case MT_EV_KINDS:
        break;
    }
}

void mt_listing_add(struct mt_listing *l, struct mt_text *out, const struct mt_trace_feed *feed,
                    const struct mt_event *ev)
{
    mt_text_u64(out, l->n++);
    signed_number(out, " ", ev->time_ns);
    mt_text_byte(out, ' ');
    mt_text_add(out, mt_event_kind_name(ev->kind));
    signed_number(out, " g=", ev->goroutine);
    signed_number(out, " p=", ev->proc);
    signed_number(out, " m=", ev->thread);
    details(l, out, feed, ev);
    stack(l, out, feed, " stk=", ev->stack);
    mt_text_byte(out, '\n');
}

/* ---- the consumer ------------------------------------------------------------------------- */

struct lister {
    struct mt_listing listing;
    struct mt_listing_sink to;
};

static void begin(void *state, struct mt_trace_feed *feed)
{
    struct lister *l = state;
    mt_listing_init(&l->listing, &feed->scratch);
}

static void events(void *state, struct mt_trace_feed *feed, const struct mt_event *ev, size_t n)
{
    struct lister *l = state;
    struct mt_text line = {0};
    for (size_t i = 0; i < n && !feed->stop; i++) {
        line.size = 0;
        mt_listing_add(&l->listing, &line, feed, &ev[i]);
        feed->stop = !l->to.line(l->to.sink, mt_text_view(&line));
    }
    mt_text_clear(&line);
}

const struct mt_trace_consumer mt_trace_lister = {
    .name = "listing",
    .state_bytes = sizeof(struct lister),
    .kinds = MT_KINDS_ALL,
    .begin = begin,
    .events = events,
};

void mt_trace_lister_to(struct mt_trace_feed *feed, struct mt_listing_sink sink)
{
    mt_feed_add(feed, &mt_trace_lister);
    struct lister *l = feed->consumer[feed->n_consumers - 1].state;
    l->to = sink;
}
