/* SPDX-License-Identifier: Apache-2.0 */
/* CPU samples as a profile. The trace does not say how often they were taken; Go's profiler does so
 * a hundred times a second unless told otherwise. */
#include "parsers/base/idmap.h"
#include "parsers/formats/gotrace/consumer.h"

static const int64_t PERIOD_NS = 10000000;

struct state {
    struct mt_arena *arena; /* scratch */
    uint64_t *counts;       /* by stack */
    size_t n_counts;
    uint64_t total;
};

static void begin(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    s->arena = &feed->scratch;
}

static void event(void *state, struct mt_trace_feed *feed, const struct mt_event *ev)
{
    (void)feed;
    struct state *s = state;
    ++*MT_SLOT(s->arena, s->counts, s->n_counts, ev->stack);
    s->total++;
}

/* A profile in the making: frames become locations of one line. */
struct builder {
    const struct mt_trace_feed *feed;
    struct mt_profile *p;
    struct mt_arena *arena;
    struct mt_idmap of_frames, of_functions;
    size_t cap_locations, cap_lines, cap_functions, cap_frames;
};

static uint32_t function_of(struct builder *b, const struct mt_frame *frame)
{
    struct mt_profile *p = b->p;
    uint64_t key = (uint64_t)frame->function << 32 | frame->file;
    uint32_t index = mt_idmap_get(&b->of_functions, key);
    if (index != MT_IDMAP_NONE)
        return index;
    MT_RESERVE(b->arena, p->functions, p->n_functions, b->cap_functions);
    index = (uint32_t)p->n_functions++;
    p->functions[index] = (struct mt_function){.id = p->n_functions,
                                               .name = frame->function,
                                               .system_name = frame->function,
                                               .file = frame->file};
    mt_idmap_set(&b->of_functions, key, index);
    return index;
}

static uint32_t location_of(struct builder *b, uint32_t frame_id)
{
    struct mt_profile *p = b->p;
    uint32_t index = mt_idmap_get(&b->of_frames, frame_id);
    if (index != MT_IDMAP_NONE)
        return index;
    const struct mt_frame *frame = mt_frame_at(&b->feed->stacks, frame_id);
    MT_RESERVE(b->arena, p->lines, p->n_lines, b->cap_lines);
    p->lines[p->n_lines++] =
        (struct mt_line){.function = function_of(b, frame),
                         .line = frame->line <= INT64_MAX ? (int64_t)frame->line : 0};
    MT_RESERVE(b->arena, p->locations, p->n_locations, b->cap_locations);
    index = (uint32_t)p->n_locations++;
    p->locations[index] = (struct mt_location){.id = p->n_locations,
                                               .address = frame->pc,
                                               .mapping = MT_NO_INDEX,
                                               .first_line = (uint32_t)p->n_lines - 1,
                                               .n_lines = 1};
    mt_idmap_set(&b->of_frames, frame_id, index);
    return index;
}

static void add_sample(struct builder *b, uint32_t stack, uint64_t count)
{
    struct mt_profile *p = b->p;
    size_t n;
    const uint32_t *frames = mt_stack_frames(&b->feed->stacks, stack, &n);
    struct mt_sample *sample = &p->samples[p->n_samples];
    *sample = (struct mt_sample){.first_frame = p->n_frames, .n_frames = (uint32_t)n};
    for (size_t i = 0; i < n; i++) {
        MT_RESERVE(b->arena, p->frames, p->n_frames, b->cap_frames);
        p->frames[p->n_frames++] = location_of(b, frames[i]);
    }
    p->values[2 * p->n_samples] = (int64_t)count;
    p->values[2 * p->n_samples + 1] = (int64_t)count * PERIOD_NS;
    p->n_samples++;
}

static struct mt_value_type value_type(struct mt_trace_feed *feed, const char *type,
                                       const char *unit)
{
    struct mt_strings *strings = feed->capture->strings;
    uint32_t type_id = mt_intern_text(strings, type);
    return (struct mt_value_type){type_id, mt_intern_text(strings, unit)};
}

static void end(void *state, struct mt_trace_feed *feed)
{
    const struct state *s = state;
    feed->capture->trace->cpu_samples = s->total;
    size_t n = 0;
    for (size_t i = 0; i < s->n_counts; i++)
        n += s->counts[i] != 0;
    if (!n)
        return;
    struct mt_arena *arena = feed->capture->arena;
    struct mt_profile *p = mt_capture_add_profile(feed->capture, MT_PROFILE_CPU);
    struct builder b = {.feed = feed, .p = p, .arena = arena};
    b.of_frames.arena = b.of_functions.arena = s->arena;
    p->time_ns = mt_feed_wall(feed, 0);
    p->raw_time_ns = feed->start_ns == MT_NO_TIME ? 0 : feed->start_ns;
    p->duration_ns = feed->last_ns;
    p->clock = mt_feed_clock(feed);
    p->period = PERIOD_NS;
    p->period_type = value_type(feed, "cpu", "nanoseconds");
    p->types = MT_NEW_N(arena, struct mt_value_type, 2);
    p->n_types = 2;
    p->types[0] = value_type(feed, "samples", "count");
    p->types[1] = p->period_type;
    p->default_index = 1;
    p->samples = MT_NEW_N(arena, struct mt_sample, n);
    p->values = MT_NEW_N(arena, int64_t, 2 * n);
    for (uint32_t i = 0; i < s->n_counts; i++)
        if (s->counts[i])
            add_sample(&b, i, s->counts[i]);
}

const struct mt_trace_consumer mt_trace_consumer_samples = {
    .name = "samples",
    .state_bytes = sizeof(struct state),
    .kinds = MT_KIND(MT_EV_STACK_SAMPLE),
    .begin = begin,
    .event = event,
    .end = end,
};
