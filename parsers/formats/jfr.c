/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flight Recorder files of Java: chunks of events, each chunk complete in itself, with metadata
 * that describes its events. Of the hundreds of kinds we read collections, heap summaries,
 * allocation, old and live object samples; all are counted.
 *
 *   "FLR\0", version, size, ...: 68 bytes of header (16 in version 0.9), then events
 */
#include "parsers/base/limits.h"
#include "parsers/formats/jfr/collections.h"
#include "parsers/formats/jfr/stacks.h"
#include "parsers/formats/jfr/v0.h"
#include "parsers/formats/reader.h"

#include <stdlib.h>

enum { VERSIONS_MAX = 8 };

/* Ticks are ns or a CPU's cycles: more a second are none. */
static const int64_t MOST_TICKS = 10000000000;
static const int64_t LAST_DATE_NS = 7258118400 * MT_SECOND_NS;

struct count {
    struct mt_span name;
    uint64_t events;
};

struct detail {
    struct {
        uint16_t major, minor;
    } versions[VERSIONS_MAX];
    size_t n_versions;
    uint64_t chunks, checkpoints, metadata;
    int64_t start_ns, end_ns; /* MT_NO_TIME */
    struct count *counts;     /* by name */
    size_t n_counts, cap_counts;
    uint64_t unnamed_collections;
};

/* Events with a stack, by what becomes of them. */
enum group { TLAB, SAMPLED, OLD, LIVE, N_GROUPS };

struct reading {
    struct mt_capture *out;
    struct detail *detail;
    struct mt_arena scratch; /* of the whole reading */
    struct mt_strings names; /* of kinds of events -> place + 1 in counts */
    struct mt_jfr_collections collections;
    struct mt_jfr_stacks stacks[N_GROUPS];
    struct mt_err damage; /* the first; reading goes on with the next chunk */
};

/* One chunk while it is read. */
struct chunk {
    struct mt_jfr_header header;
    struct mt_span bytes;
    uint64_t offset; /* in the file */
    bool v0;
    struct mt_arena arena;
    struct mt_jfr_types types;
    struct mt_jfr_pools pools;
    enum mt_jfr_kind *kinds; /* of the classes */
    size_t *places;          /* of the classes in counts, + 1; 0 not counted yet */
    size_t begin, end;       /* of what can be told apart into events */
};

static uint64_t be(struct mt_span bytes, size_t at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size && at + i < bytes.size; i++)
        value = value << 8 | bytes.data[at + i];
    return value;
}

static void note_version(struct detail *d, uint16_t major, uint16_t minor)
{
    for (size_t i = 0; i < d->n_versions; i++)
        if (d->versions[i].major == major && d->versions[i].minor == minor)
            return;
    if (d->n_versions == VERSIONS_MAX)
        return;
    d->versions[d->n_versions].major = major;
    d->versions[d->n_versions++].minor = minor;
}

static void note_window(struct detail *d, int64_t start_ns, int64_t duration_ns)
{
    if (start_ns <= 0 || start_ns > LAST_DATE_NS || duration_ns < 0 || duration_ns > LAST_DATE_NS)
        return;
    if (d->start_ns == MT_NO_TIME || start_ns < d->start_ns)
        d->start_ns = start_ns;
    if (d->end_ns == MT_NO_TIME || start_ns + duration_ns > d->end_ns)
        d->end_ns = start_ns + duration_ns;
}

static size_t count_place(struct reading *r, struct mt_span name)
{
    struct detail *d = r->detail;
    uint32_t id = mt_intern(&r->names, name);
    if (!id) /* an event without a name */
        return count_place(r, MT_SPAN("unnamed"));
    if (id - 1 == d->n_counts) {
        MT_RESERVE(r->out->arena, d->counts, d->n_counts, d->cap_counts);
        d->counts[d->n_counts++] = (struct count){.name = mt_string(&r->names, id)};
    }
    return id - 1;
}

static void count_event(struct reading *r, size_t place)
{
    r->detail->counts[place].events++;
    r->out->records++;
}

/* The event at `at`: its type and what stands behind size and type. False: none can be there. */
static bool event_at(const struct chunk *c, size_t at, uint64_t *type, struct mt_jfr_in *body,
                     size_t *next)
{
    struct mt_jfr_in in = {.rest = mt_span_from(c->bytes, at), .compressed = c->header.compressed};
    size_t left = in.rest.size;
    uint64_t size = mt_jfr_number(&in, 4);
    *type = mt_jfr_number(&in, c->v0 ? 4 : 8);
    size_t head = left - in.rest.size;
    if (in.bad || size < head || size > left)
        return false;
    *body = (struct mt_jfr_in){.rest = mt_span_sub(in.rest, 0, (size_t)size - head),
                               .compressed = in.compressed};
    *next = at + (size_t)size;
    return true;
}

static void note_damage(struct reading *r, uint64_t offset, const char *what)
{
    mt_fail(&r->damage, MT_ERR_INPUT, offset, "%s", what);
}

static void read_metadata(struct reading *r, struct chunk *c, struct mt_jfr_in body, size_t at)
{
    r->detail->metadata++;
    if (!(c->v0 ? mt_jfr_v0_read_types(&c->types, &c->header, body)
                : mt_jfr_read_types(&c->types, body)))
        note_damage(r, c->offset + at, "metadata does not fit its own description");
}

/* Metadata first, wherever it stands; then the constants, which need it. */
static void read_tables(struct reading *r, struct chunk *c)
{
    uint64_t type;
    struct mt_jfr_in body;
    size_t at = c->begin, next;
    for (; at < c->bytes.size && event_at(c, at, &type, &body, &next); at = next)
        if (type == MT_JFR_METADATA && (!c->v0 || next == c->bytes.size))
            read_metadata(r, c, body, at);
    mt_jfr_link_types(&c->types);
    c->end = at;
    if (at < c->bytes.size)
        note_damage(r, c->offset + at, "no event can begin here: its size does not fit the chunk");
    for (at = c->begin; at < c->end && event_at(c, at, &type, &body, &next); at = next) {
        if (type != MT_JFR_CHECKPOINT)
            continue;
        r->detail->checkpoints++;
        if (!(c->v0 ? mt_jfr_v0_read_pools : mt_jfr_read_pools)(&c->pools, &c->types, body))
            note_damage(r, c->offset + at, "constants do not fit the metadata");
    }
}

static bool to_ns(const struct chunk *c, int64_t ticks, int64_t *ns)
{
    const struct mt_jfr_header *h = &c->header;
    bool back = ticks < 0;
    uint64_t distance = back ? 0 - (uint64_t)ticks : (uint64_t)ticks;
    uint64_t rate = (uint64_t)h->ticks_per_second;
    uint64_t seconds = distance / rate;
    if (seconds > (uint64_t)(LAST_DATE_NS / MT_SECOND_NS))
        return false;
    uint64_t whole = seconds * MT_SECOND_NS + distance % rate * MT_SECOND_NS / rate;
    *ns = back ? -(int64_t)whole : (int64_t)whole;
    return true;
}

static int64_t span_ns(const struct chunk *c, int64_t ticks)
{
    int64_t ns;
    return ticks > 0 && to_ns(c, ticks, &ns) ? ns : 0;
}

static int64_t time_ns(const struct chunk *c, int64_t ticks)
{
    int64_t ns;
    int64_t since = (int64_t)((uint64_t)ticks - (uint64_t)c->header.start_ticks);
    if (c->header.start_ns <= 0 || c->header.start_ns > LAST_DATE_NS || !to_ns(c, since, &ns))
        return MT_NO_TIME;
    return c->header.start_ns + ns;
}

static void add_stack(struct reading *r, struct chunk *c, enum group group,
                      const struct mt_jfr_event *e, uint64_t bytes)
{
    mt_jfr_stacks_add(&r->stacks[group], &c->types, &c->pools, e->stack, e->class_name, bytes);
}

static void use_event(struct reading *r, struct chunk *c, const struct mt_jfr_event *e)
{
    struct mt_jfr_times times = {time_ns(c, e->start_ticks), span_ns(c, e->duration_ticks),
                                 span_ns(c, (int64_t)e->sum_of_pauses_ticks)};
    switch (e->kind) {
    case MT_JFR_NEW_TLAB:
        add_stack(r, c, TLAB, e, e->tlab_size);
        break;
    case MT_JFR_OUTSIDE_TLAB:
        add_stack(r, c, TLAB, e, e->allocation_size);
        break;
    case MT_JFR_SAMPLE:
        add_stack(r, c, SAMPLED, e, e->weight);
        break;
    case MT_JFR_OLD_OBJECT:
        add_stack(r, c, OLD, e, e->object_size);
        break;
    case MT_JFR_LIVE_OBJECT:
        add_stack(r, c, LIVE, e, e->allocation_size);
        break;
    default:
        mt_jfr_collections_add(&r->collections, e, &times);
    }
}

static void read_events(struct reading *r, struct chunk *c)
{
    uint64_t type;
    struct mt_jfr_in body;
    size_t next;
    for (size_t at = c->begin; at < c->end && event_at(c, at, &type, &body, &next); at = next) {
        if (type == MT_JFR_METADATA || type == MT_JFR_CHECKPOINT)
            continue;
        const struct mt_jfr_class *class = mt_jfr_class_of(&c->types, type);
        if (!class) {
            count_event(r, count_place(r, MT_SPAN("unknown")));
            continue;
        }
        size_t index = (size_t)(class - c->types.classes);
        if (!c->places[index])
            c->places[index] = count_place(r, class->name) + 1;
        count_event(r, c->places[index] - 1);
        struct mt_jfr_event event;
        if (c->kinds[index] == MT_JFR_OTHER)
            continue;
        if (mt_jfr_read_event(&c->types, &c->pools, class, c->kinds[index], body, &event))
            use_event(r, c, &event);
        else
            note_damage(r, c->offset + at, "event does not fit its description");
    }
}

/* The header of later versions; that of 0.9 is in its descriptor, the last of the chunk's events.
 */
static void read_header(struct chunk *c)
{
    c->header = (struct mt_jfr_header){
        .start_ns = (int64_t)be(c->bytes, 32, 8),
        .duration_ns = (int64_t)be(c->bytes, 40, 8),
        .start_ticks = (int64_t)be(c->bytes, 48, 8),
        .ticks_per_second = (int64_t)be(c->bytes, 56, 8),
        .compressed = be(c->bytes, 64, 4) & 1,
    };
}

static void read_chunk(struct reading *r, struct mt_span bytes, uint64_t offset, bool v0)
{
    struct chunk c = {
        .bytes = bytes, .offset = offset, .v0 = v0, .begin = v0 ? MT_JFR_V0_HEADER : MT_JFR_HEADER};
    if (!v0)
        read_header(&c);
    c.types.arena = &c.arena;
    mt_strings_init(&c.types.ids, &c.arena);
    mt_strings_init(&c.pools.keys, &c.arena);
    for (size_t i = 0; i < N_GROUPS; i++)
        mt_jfr_stacks_next_chunk(&r->stacks[i]);
    read_tables(r, &c);
    if (c.header.ticks_per_second <= 0 || c.header.ticks_per_second > MOST_TICKS) {
        note_damage(r, offset + (v0 ? 0 : 56), "ticks a second are out of reach of any clock");
        c.header.ticks_per_second = MT_SECOND_NS;
    }
    note_window(r->detail, c.header.start_ns, c.header.duration_ns);
    c.kinds = MT_NEW_N(&c.arena, enum mt_jfr_kind, c.types.n_classes);
    c.places = MT_NEW_N(&c.arena, size_t, c.types.n_classes);
    for (size_t i = 0; i < c.types.n_classes; i++)
        c.kinds[i] = mt_jfr_kind_of(&c.types.classes[i]);
    read_events(r, &c);
    mt_arena_clear(&c.arena);
}

/* All of the chunk that is there; whole is false when the file ends before it does. */
static struct mt_span take_chunk(struct mt_cursor *in, uint64_t size, bool *whole)
{
    *whole = size <= mt_limit(MT_LIMIT_INFLATED) && mt_cur_has(in, (size_t)size);
    return mt_cur_bytes(in, *whole ? size : in->rest.size);
}

static bool next_chunk(struct reading *r, struct mt_cursor *in)
{
    struct detail *d = r->detail;
    uint64_t offset = in->offset;
    if (!mt_cur_has(in, MT_JFR_V0_HEADER) || !mt_span_starts(in->rest, "FLR") || in->rest.data[3])
        return mt_cur_fail(in, "no chunk begins here: \"FLR\", 0 is expected");
    uint16_t major = (uint16_t)be(in->rest, 4, 2), minor = (uint16_t)be(in->rest, 6, 2);
    bool old = major == 0;
    if (!old && !mt_cur_has(in, MT_JFR_HEADER))
        return mt_cur_fail(in, "the file ends inside a chunk's header of %d bytes", MT_JFR_HEADER);
    uint64_t size = be(in->rest, 8, 8), descriptor = size;
    if (old) { /* where the descriptor begins; it is the chunk's end */
        if (descriptor < MT_JFR_V0_HEADER || descriptor > mt_limit(MT_LIMIT_INFLATED) ||
            !mt_cur_has(in, (size_t)descriptor + 8))
            return mt_fail(in->err, MT_ERR_INPUT, in->offset + in->rest.size,
                           "the file ends here, the chunk's descriptor was expected at %llu",
                           (unsigned long long)descriptor);
        size = descriptor + be(in->rest, (size_t)descriptor, 4);
    }
    if (size < (uint64_t)(old ? descriptor + 8 : MT_JFR_HEADER))
        return mt_cur_fail(in, "chunk of %llu bytes: smaller than its header",
                           (unsigned long long)size);
    bool whole;
    struct mt_span bytes = take_chunk(in, size, &whole);
    if (!mt_cur_ok(in))
        return false;
    note_version(d, major, minor);
    d->chunks++;
    read_chunk(r, bytes, offset, old);
    if (!whole) {
        r->damage = (struct mt_err){0}; /* this says it better */
        return mt_cur_fail(in, "the file ends %llu bytes into a chunk of %llu",
                           (unsigned long long)bytes.size, (unsigned long long)size);
    }
    mt_cur_release(in);
    return true;
}

static void finish_profile(struct reading *r, struct mt_jfr_stacks *stacks,
                           enum mt_profile_kind kind, const char *count, const char *bytes)
{
    struct mt_profile *p = mt_jfr_stacks_finish(stacks, kind, count, bytes);
    const struct detail *d = r->detail;
    if (!p)
        return;
    p->time_ns = d->start_ns;
    p->raw_time_ns = d->start_ns == MT_NO_TIME ? 0 : d->start_ns;
    p->duration_ns = d->start_ns == MT_NO_TIME ? 0 : d->end_ns - d->start_ns;
    if (d->start_ns == MT_NO_TIME)
        p->clock.clock = MT_CLOCK_NONE;
}

/* Both kinds of allocation events say the same: where all are there, the sampled ones are left. */
static void finish(struct reading *r)
{
    struct detail *d = r->detail;
    d->unnamed_collections = mt_jfr_collections_finish(&r->collections);
    struct mt_jfr_stacks *allocations = &r->stacks[r->stacks[TLAB].events ? TLAB : SAMPLED];
    finish_profile(r, allocations, MT_PROFILE_ALLOCS, "alloc_samples", "alloc_space");
    finish_profile(r, &r->stacks[OLD], MT_PROFILE_OTHER, "old_objects", "old_space");
    finish_profile(r, &r->stacks[LIVE], MT_PROFILE_OTHER, "live_objects", "live_space");
}

static int by_name(const void *a, const void *b)
{
    return mt_span_compare(((const struct count *)a)->name, ((const struct count *)b)->name);
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct reading r = {.out = out};
    r.detail = out->detail = MT_NEW(out->arena, struct detail);
    r.detail->start_ns = r.detail->end_ns = MT_NO_TIME;
    mt_strings_init(&r.names, out->arena);
    r.collections.out = out;
    mt_strings_init(&r.collections.by_gc_id, &r.scratch);
    for (size_t i = 0; i < N_GROUPS; i++)
        mt_jfr_stacks_init(&r.stacks[i], out, &r.scratch);
    do {
        if (!next_chunk(&r, in))
            break;
    } while (!mt_cur_at_end(in));
    finish(&r);
    if (r.detail->n_counts)
        qsort(r.detail->counts, r.detail->n_counts, sizeof *r.detail->counts, by_name);
    mt_arena_clear(&r.scratch);
    if (mt_cur_ok(in) && r.damage.code != MT_ERR_OK)
        return mt_fail(in->err, r.damage.code, r.damage.offset, "%s", r.damage.what);
    return mt_cur_ok(in);
}

static enum mt_match sniff(struct mt_span head)
{
    enum { MAJOR_MAX = 3 };
    return head.size >= 8 && mt_span_starts(head, "FLR") && !head.data[3] &&
                   be(head, 4, 2) <= MAJOR_MAX
               ? MT_CERTAIN
               : MT_NO;
}

static void inspect_profile(const struct mt_capture *c, const struct mt_profile *p,
                            struct mt_json_out *out)
{
    int64_t events = 0;
    double bytes = 0;
    for (size_t i = 0; i < p->n_samples; i++) {
        events += p->values[2 * i];
        bytes += (double)p->values[2 * i + 1];
    }
    mt_json_key_span(out, mt_string(c->strings, p->types[1].type));
    mt_json_object(out);
    mt_json_kv_i64(out, "events", events);
    mt_json_kv_u64(out, "samples", p->n_samples);
    mt_json_kv_f64(out, "bytes", bytes);
    mt_json_object_end(out);
}

static void inspect_log(const struct mt_capture *c, const struct mt_gc_log *log,
                        struct mt_json_out *out)
{
    static const char *const kinds[] = {"go", "young", "mixed", "full", "concurrent"};
    uint64_t count[sizeof kinds / sizeof *kinds] = {0};
    double pause_ms = 0;
    for (size_t i = 0; i < log->n_cycles; i++) {
        count[log->cycles[i].kind]++;
        pause_ms += (double)log->cycles[i].pause_ns / 1e6;
    }
    mt_json_kv_span(out, "collector", mt_string(c->strings, log->collector));
    mt_json_kv_u64(out, "cycles", log->n_cycles);
    for (size_t i = 1; i < sizeof kinds / sizeof *kinds; i++)
        mt_json_kv_u64(out, kinds[i], count[i]);
    mt_json_kv_f64(out, "pause_ms", pause_ms);
}

static void inspect(const struct mt_capture *c, struct mt_json_out *out)
{
    const struct detail *d = c->detail;
    mt_json_key(out, "versions");
    mt_json_array(out);
    for (size_t i = 0; i < d->n_versions; i++) {
        struct mt_text text = {0};
        mt_text_printf(&text, "%u.%u", d->versions[i].major, d->versions[i].minor);
        mt_json_span(out, mt_text_view(&text));
        mt_text_clear(&text);
    }
    mt_json_array_end(out);
    mt_json_kv_u64(out, "chunks", d->chunks);
    if (d->start_ns != MT_NO_TIME) {
        mt_json_kv_i64(out, "start_ns", d->start_ns);
        mt_json_kv_f64(out, "duration_s", (double)(d->end_ns - d->start_ns) / 1e9);
    }
    mt_json_key(out, "events");
    mt_json_object(out);
    for (size_t i = 0; i < d->n_counts; i++) {
        mt_json_key_span(out, d->counts[i].name);
        mt_json_u64(out, d->counts[i].events);
    }
    mt_json_object_end(out);
    for (size_t i = 0; i < c->n_gc_logs; i++)
        inspect_log(c, &c->gc_logs[i], out);
    mt_json_kv_u64(out, "unnamed_cycles", d->unnamed_collections);
    for (size_t i = 0; i < c->n_profiles; i++)
        inspect_profile(c, &c->profiles[i], out);
}

const struct mt_reader mt_reader_jfr = {
    .name = "jfr",
    .kind = "Flight Recorder file",
    .summary = "Java Flight Recorder, async-profiler: collections, heap summaries, allocation, old "
               "and live object samples; all events are counted",
    .example = "starts with the bytes \"FLR\", 0 and the version, 0 2 0 1",
    .how = "java -XX:StartFlightRecording=settings=profile,filename=app.jfr ...; or jcmd PID "
           "JFR.dump filename=app.jfr",
    .sniff = sniff,
    .read = read,
    .inspect = inspect,
};
