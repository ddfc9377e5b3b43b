/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goroutine dumps as text: /debug/pprof/goroutine?debug=2, runtime.Stack, panics, SIGQUIT.
 *
 *     goroutine 842 [chan receive, 5 minutes, locked to thread] {job: sync}:
 *     main.(*Queue).pop(0xc00006a0f0)
 *             /src/queue.go:71 +0x5f
 *     created by main.New in goroutine 1
 *             /src/queue.go:51 +0x312
 *
 * The text may be the whole file or stand anywhere in a log, behind a prefix on each line, inside a
 * container's wrapper, or as one escaped text in a line. One pass, line by line: a header opens a
 * goroutine, a blank line ends it, and a place ("\t/src/queue.go:71") makes the line before it a
 * frame, so that other writers' lines in between do no harm.
 */
#include "parsers/base/limits.h"
#include "parsers/formats/goroutine_dump/describe.h"
#include "parsers/formats/goroutine_dump/ids.h"
#include "parsers/formats/goroutine_dump/line.h"
#include "parsers/formats/lines/origins.h"
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/reader.h"

#include <string.h>

enum {
    LOG_LINES = 8,   /* kept of what stands before a dump: its time, the panic's text */
    LOG_BYTES = 192, /* of each */
    PREFIX_BYTES = 256,
    NOISE_MOST = 16, /* lines of others inside a goroutine before it counts as ended */
    PANICS_TOLD = 5
};

enum section {
    OUTSIDE,
    STACK,
    CREATED,  /* a place of created_by may follow */
    TAIL,     /* all was said but for ancestors */
    ANCESTORS /* stacks of those who created it: passed over */
};

/* What one pod or container wrote; all that a log without such wrappers holds. */
struct dumps {
    struct mt_capture *out;
    size_t dump;            /* the present one's index + 1; 0: none yet */
    struct mt_dump_ids ids; /* of the goroutines in it */
    struct mt_dump_detail *detail;

    enum section section;
    unsigned noise; /* lines of others since the last of ours, inside a goroutine */
    bool leading;   /* all frames so far belong to the runtime or to sync: the blocking call */
    bool has_frame; /* `frame` waits for its place */
    struct mt_dump_frame frame;
    uint64_t frame_wait, frame_lock; /* addresses it names */

    struct mt_span prefix; /* of the last header's line, to be taken off the following lines */
    unsigned char prefix_bytes[PREFIX_BYTES];
    int64_t line_ns; /* the wrapper's time of the present line */
    bool line_zone_known;

    unsigned char log[LOG_LINES]
                     [LOG_BYTES]; /* the last lines outside, oldest first from log_next */
    size_t log_size[LOG_LINES];
    size_t log_next;
    bool log_any;
    bool too_many; /* a goroutine came that --limit goroutines has no room for */
};

/* NULL: none yet. */
static struct mt_goroutine_dump *dump_of(const struct dumps *d)
{
    return d->dump ? &d->out->dumps[d->dump - 1] : NULL;
}

static struct mt_goroutine *current(struct dumps *d)
{
    struct mt_goroutine_dump *dump = dump_of(d);
    return &dump->goroutines[dump->n_goroutines - 1];
}

/* ---- what stands before a dump ---- */

static void remember(struct dumps *d, struct mt_span line)
{
    line = mt_span_sub(line, 0, LOG_BYTES);
    memcpy(d->log[d->log_next], line.data, line.size);
    d->log_size[d->log_next] = line.size;
    d->log_next = (d->log_next + 1) % LOG_LINES;
    d->log_any = true;
}

static void forget_log(struct dumps *d)
{
    if (d->log_any)
        memset(d->log_size, 0, sizeof d->log_size);
    d->log_any = false;
}

/* The i-th remembered line, newest first. */
static struct mt_span logged(const struct dumps *d, size_t i)
{
    size_t at = (d->log_next + LOG_LINES - 1 - i) % LOG_LINES;
    return (struct mt_span){d->log[at], d->log_size[at]};
}

static struct mt_span panic_in(struct mt_span line)
{
    static const char *const words[] = {"panic: ", "fatal error: ", "panic serving ",
                                        "SIGQUIT: quit", "SIGABRT: abort"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t at = mt_span_find(line, words[i]);
        if (at != MT_NPOS)
            return mt_span_from(line, at);
    }
    return (struct mt_span){0};
}

/* What the runtime says before it prints stacks. Empty: nothing of the kind. */
static struct mt_span panic_text(const struct dumps *d)
{
    struct mt_span text = {0};
    for (size_t i = LOG_LINES; d->log_any && !text.size && i-- > 0;)
        text = panic_in(logged(d, i));
    return text.size ? text : panic_in(d->prefix);
}

static void date_dump(struct dumps *d)
{
    struct mt_goroutine_dump *dump = dump_of(d);
    int64_t time_ns = d->line_ns;
    bool zone_known = d->line_zone_known;
    bool dated = time_ns != MT_NO_TIME || mt_stamp_of_line(d->prefix, &time_ns, &zone_known);
    for (size_t i = 0; d->log_any && i < LOG_LINES && !dated; i++)
        dated = mt_stamp_of_line(logged(d, i), &time_ns, &zone_known);
    if (!dated)
        return;
    dump->time_ns = time_ns;
    dump->clock.clock = MT_CLOCK_SAME;
    dump->clock.zone_unknown = !zone_known;
}

/* ---- goroutines ---- */

static void finish_dump(struct dumps *d)
{
    struct mt_goroutine_dump *dump = dump_of(d);
    if (!dump)
        return;
    for (size_t i = 0; i < dump->n_goroutines; i++)
        dump->leak_form |= dump->goroutines[i].leaked;
    /* A stack alone is what a handler of panics logs. */
    if (dump->n_goroutines == 1 &&
        mt_span_is(mt_string(d->out->strings, dump->goroutines[0].state), "running"))
        dump->from_panic = true;
}

static void begin_dump(struct dumps *d)
{
    finish_dump(d);
    struct mt_goroutine_dump *dump = mt_capture_add_dump(d->out);
    d->dump = d->out->n_dumps;
    mt_dump_ids_clear(&d->ids);
    date_dump(d);
    struct mt_span panic = panic_text(d);
    if (!panic.size)
        return;
    dump->from_panic = true;
    if (++d->detail->panics <= PANICS_TOLD)
        mt_capture_remark(d->out, false, "panic", "the process said before it printed stacks: %.*s",
                          (int)panic.size, (const char *)panic.data);
}

static uint32_t label_text(struct dumps *d, struct mt_span text, bool quoted)
{
    if (quoted && mt_span_find_byte(text, '\\') != MT_NPOS) {
        unsigned char *plain = mt_arena_take(d->out->arena, text.size, 1);
        text = (struct mt_span){plain, mt_dump_unquote(text, plain)};
    }
    return mt_intern(d->out->strings, text);
}

static void add_labels(struct dumps *d, struct mt_goroutine *g, struct mt_span labels)
{
    struct mt_goroutine_dump *dump = dump_of(d);
    struct mt_dump_label label;
    while (mt_dump_take_label(&labels, &label)) {
        MT_RESERVE(d->out->arena, dump->labels, dump->n_labels, dump->cap_labels);
        dump->labels[dump->n_labels++] =
            (struct mt_label){.key = label_text(d, label.key, label.key_quoted),
                              .text = label_text(d, label.value, label.value_quoted)};
        g->n_labels++;
    }
}

/* An id that was there, or a running goroutine (the one that prints) behind something else; while
 * all stacks of a panic are printed, others may still write. */
static bool of_another_dump(const struct dumps *d, const struct mt_dump_header *h)
{
    if (!d->dump || mt_dump_ids_has(&d->ids, h->id))
        return true;
    return d->log_any && mt_span_is(h->state, "running") &&
           (!dump_of(d)->from_panic || panic_text(d).size);
}

static void end_goroutine(struct dumps *d)
{
    d->section = OUTSIDE;
    d->has_frame = false;
}

static void begin_goroutine(struct dumps *d, const struct mt_dump_header *h)
{
    if (d->out->records >= mt_limit(MT_LIMIT_GOROUTINES)) {
        d->too_many = true;
        end_goroutine(d);
        return;
    }
    if (of_another_dump(d, h))
        begin_dump(d);
    forget_log(d);
    mt_dump_ids_add(&d->ids, h->id);

    struct mt_goroutine_dump *dump = dump_of(d);
    MT_RESERVE(d->out->arena, dump->goroutines, dump->n_goroutines, dump->cap_goroutines);
    struct mt_goroutine *g = &dump->goroutines[dump->n_goroutines++];
    const uint64_t minute_ns = 60 * (uint64_t)MT_SECOND_NS;
    *g = (struct mt_goroutine){.id = h->id,
                               .state = mt_intern(d->out->strings, h->state),
                               .locked_to_thread = h->locked_to_thread,
                               .leaked = h->leaked,
                               .first_frame = dump->n_frames,
                               .first_label = dump->n_labels};
    if (h->wait_minutes < (uint64_t)INT64_MAX / minute_ns)
        g->wait_ns = (int64_t)(h->wait_minutes * minute_ns);
    add_labels(d, g, h->labels);
    d->out->records++;
    d->section = STACK;
    d->leading = true;
    d->has_frame = false;
    d->noise = 0;
}

/* ---- frames ---- */

/* The handler's own goroutine comes first in what /debug/pprof/goroutine writes: one that turns up
 * later began another dump, which is known only now. */
static void split_at_writer(struct dumps *d)
{
    struct mt_goroutine_dump *old = dump_of(d);
    struct mt_goroutine g = *current(d);
    const struct mt_label *labels = old->labels;
    if (old->n_goroutines == 1 || g.n_frames ||
        !mt_span_is(mt_string(d->out->strings, g.state), "running"))
        return;
    old->n_goroutines--;
    const size_t first_label = g.first_label;
    old->n_labels = first_label;
    begin_dump(d);
    mt_dump_ids_add(&d->ids, g.id);
    struct mt_goroutine_dump *dump = dump_of(d);
    for (size_t i = 0; i < g.n_labels; i++) {
        MT_RESERVE(d->out->arena, dump->labels, dump->n_labels, dump->cap_labels);
        dump->labels[dump->n_labels++] = labels[first_label + i];
    }
    MT_RESERVE(d->out->arena, dump->goroutines, dump->n_goroutines, dump->cap_goroutines);
    g.first_frame = g.first_label = 0;
    dump->goroutines[dump->n_goroutines++] = g;
}

static bool any_prefix(struct mt_span name, const char *const *prefixes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (mt_span_starts(name, prefixes[i]))
            return true;
    return false;
}
#define ANY_PREFIX(name, list) any_prefix(name, list, sizeof(list) / sizeof *(list))

static void open_frame(struct dumps *d, struct mt_span name, struct mt_span arguments)
{
    static const char *const waits[] = {"runtime.chan", "runtime.sema", "sync.runtime_",
                                        "internal/sync.runtime_"};
    static const char *const locks[] = {"sync.(*", "internal/sync.(*"};
    static const char *const below[] = {"runtime.", "sync.", "internal/sync.", "internal/poll."};
    if (d->leading && mt_span_ends(name, "pprof.writeGoroutineStacks"))
        split_at_writer(d);
    d->frame = (struct mt_dump_frame){.function = mt_intern(d->out->strings, name),
                                      .arguments_inlined = mt_span_is(arguments, "...")};
    d->frame_wait = d->frame_lock = 0;
    if (d->leading) {
        if (ANY_PREFIX(name, waits))
            d->frame_wait = mt_dump_first_argument(arguments);
        else if (ANY_PREFIX(name, locks))
            d->frame_lock = mt_dump_first_argument(arguments);
        d->leading = ANY_PREFIX(name, below);
    }
    d->has_frame = true;
}

static void close_frame(struct dumps *d, struct mt_span file, uint32_t line)
{
    struct mt_goroutine_dump *dump = dump_of(d);
    struct mt_goroutine *g = current(d);
    d->has_frame = false;
    if (g->n_frames >= mt_limit(MT_LIMIT_STACK)) {
        g->elided = true;
        return;
    }
    d->frame.file = mt_intern(d->out->strings, file);
    d->frame.line = line;
    MT_RESERVE(d->out->arena, dump->frames, dump->n_frames, dump->cap_frames);
    dump->frames[dump->n_frames++] = d->frame;
    g->n_frames++;
    if (!g->wait_address)
        g->wait_address = d->frame_wait;
    if (!g->lock_address)
        g->lock_address = d->frame_lock;
}

static bool take_place(struct dumps *d, struct mt_span text)
{
    struct mt_span file;
    uint32_t line;
    if (mt_dump_unavailable(text)) {
        current(d)->elided = true;
        return true;
    }
    if (!mt_dump_place(text, &file, &line))
        return false;
    if (d->section == CREATED) {
        current(d)->created_by.file = mt_intern(d->out->strings, file);
        current(d)->created_by.line = line;
        d->section = TAIL;
    } else if (d->section == STACK && d->has_frame) {
        close_frame(d, file, line);
    }
    return true;
}

static bool take_stack_line(struct dumps *d, struct mt_span text)
{
    struct mt_goroutine *g = current(d);
    struct mt_span name, arguments;
    uint64_t id;
    if (text.data[0] == '\t' || text.data[0] == ' ' || text.data[0] == '#')
        return take_place(d, text);
    if (text.data[0] == '[' && mt_dump_origin(text, &id)) {
        if (!g->creator_id)
            g->creator_id = id;
        d->detail->ancestors++;
        d->section = ANCESTORS;
        return true;
    }
    if (d->section == ANCESTORS)
        return mt_dump_function(text, &name, &arguments) || mt_dump_created(text, &name, &id) ||
               mt_dump_elided(text);
    if (d->section != STACK)
        return false;
    if (mt_dump_created(text, &name, &id)) {
        g->created_by.function = mt_intern(d->out->strings, name);
        g->creator_id = id;
        d->section = CREATED;
        return true;
    }
    if (mt_dump_elided(text)) {
        g->elided = true;
        return true;
    }
    if (mt_dump_function(text, &name, &arguments)) {
        open_frame(d, name, arguments);
        return true;
    }
    if (mt_span_starts(text, "non-Go function at pc=")) { /* has no place */
        open_frame(d, MT_SPAN("non-Go function"), (struct mt_span){0});
        close_frame(d, (struct mt_span){0}, 0);
        return true;
    }
    if (mt_dump_bare_function(text) || mt_span_is(text, "non-Go function")) {
        open_frame(d, text, (struct mt_span){0}); /* a place has to follow */
        return true;
    }
    return false;
}

/* ---- lines ---- */

/* True when the line is part of a dump; `prefix` bytes of a log were taken off before it. */
static bool take_line(struct dumps *d, struct mt_span text, size_t prefix)
{
    struct mt_dump_header header;
    if (!text.size || (text.data[0] <= ' ' && !mt_span_trim(text).size)) {
        end_goroutine(d);
        return true;
    }
    struct mt_span rest = text;
    if (text.data[0] == 'g' && mt_dump_take_header(&rest, &header) && !mt_span_trim(rest).size) {
        d->prefix.size = prefix;
        begin_goroutine(d, &header);
        return true;
    }
    if (d->section == OUTSIDE || !take_stack_line(d, text))
        return false;
    d->noise = 0;
    return true;
}

/* The same bytes, but for digits: prefixes hold times and counters. The blank at the end may be
 * gone where nothing follows it. */
static bool like_prefix(const struct dumps *d, struct mt_span line)
{
    size_t size = d->prefix.size;
    if (size && line.size == size - 1 && d->prefix.data[size - 1] == ' ')
        size--;
    if (!size || line.size < size)
        return false;
    for (size_t i = 0; i < size; i++) {
        unsigned char a = d->prefix.data[i], b = line.data[i];
        bool digits = a >= '0' && a <= '9' && b >= '0' && b <= '9';
        if (a != b && !digits)
            return false;
    }
    return true;
}

/* Its time becomes the prefix's, should a dump begin in this line. */
static bool take_prefixed(struct dumps *d, struct mt_span line)
{
    size_t size = d->prefix.size;
    if (!like_prefix(d, line))
        return false;
    memcpy(d->prefix_bytes, line.data, line.size < size ? line.size : size);
    return take_line(d, mt_span_from(line, size), size);
}

/* A whole dump in one line, as loggers of JSON and key=value print it: up to the closing quote. */
static void take_escaped(struct dumps *d, const struct mt_dump_header *header, struct mt_span text)
{
    size_t end = 0;
    while (end < text.size && text.data[end] != '"')
        end += text.data[end] == '\\' ? 2 : 1;
    text = mt_span_sub(text, 0, end);
    struct mt_arena scratch = {0};
    unsigned char *plain = mt_arena_take(&scratch, text.size + 1, 1);
    struct mt_span rest = {plain, mt_dump_unquote(text, plain)}, line;
    begin_goroutine(d, header);
    mt_span_line(&rest, &line); /* the header's own end */
    while (mt_span_line(&rest, &line))
        take_line(d, line, 0);
    end_goroutine(d);
    mt_arena_clear(&scratch);
}

/* A header behind something else: a log's prefix, which the next lines will have, too. */
static bool take_inner_header(struct dumps *d, struct mt_span line)
{
    size_t at = mt_dump_find_header(line);
    if (at == MT_NPOS)
        return false;
    struct mt_span body = mt_span_from(line, at), rest = body;
    struct mt_dump_header header;
    mt_dump_take_header(&rest, &header);
    bool escaped = mt_span_starts(rest, "\\n");
    if (mt_span_trim(rest).size && !escaped)
        return false;
    size_t keep = at < PREFIX_BYTES ? at : 0;
    memcpy(d->prefix_bytes, line.data, keep);
    d->prefix = (struct mt_span){d->prefix_bytes, keep};
    if (escaped) {
        take_escaped(d, &header, rest);
        d->prefix.size = 0;
    } else {
        begin_goroutine(d, &header);
    }
    return true;
}

/* "goroutine 99999999999999999999 [running]:", or a header that is cut. */
static bool broken_header(struct mt_span line)
{
    return mt_span_take(&line, "goroutine ") && line.size && line.data[0] >= '0' &&
           line.data[0] <= '9' && mt_span_find(line, " [") != MT_NPOS;
}

static void take_wrapped(struct dumps *d, const struct mt_wrapped_line *line)
{
    struct mt_span text = line->text;
    d->line_ns = line->time_ns;
    d->line_zone_known = line->zone_known;
    if (take_prefixed(d, text) || take_line(d, text, 0) || take_inner_header(d, text))
        return;
    d->out->skipped += broken_header(text);
    if (d->section == OUTSIDE || d->section == TAIL) {
        d->section = OUTSIDE;
        remember(d, text);
        return;
    }
    d->detail->interleaved++;
    if (++d->noise > NOISE_MOST)
        end_goroutine(d);
}

/* NULL: there are too many. */
static struct dumps *dumps_of(struct mt_origins *origins, struct mt_capture *out,
                              const struct mt_wrapped_line *line)
{
    struct dumps *d = mt_origins_take(origins, line->origin);
    if (!d)
        out->skipped += mt_dump_find_header(line->text) != MT_NPOS;
    else if (!d->out)
        *d = (struct dumps){.out = out, .detail = out->detail};
    return d;
}

static void end_dumps(struct mt_origins *origins)
{
    for (size_t i = 0; i < MT_ORIGINS_MOST; i++)
        if (origins->states[i]) {
            struct dumps *d = origins->states[i];
            finish_dump(d);
            mt_dump_ids_clear(&d->ids);
        }
    mt_origins_clear(origins);
}

static bool read_dumps(struct mt_cursor *in, struct mt_capture *out)
{
    struct mt_origins origins;
    struct mt_wrapped wrapped;
    struct mt_wrapped_line line;
    out->detail = MT_NEW(out->arena, struct mt_dump_detail);
    mt_origins_init(&origins, sizeof(struct dumps));
    mt_wrapped_begin(&wrapped, in, out->arena);
    for (unsigned n = 1;; n++) {
        uint64_t offset = in->offset;
        if (!mt_wrapped_next(&wrapped, &line))
            break;
        struct dumps *d = dumps_of(&origins, out, &line);
        if (!d)
            continue;
        take_wrapped(d, &line);
        if (d->too_many) {
            mt_fail(in->err, MT_ERR_LIMIT, offset,
                    "there are more than %llu goroutines (--limit goroutines)",
                    (unsigned long long)mt_limit(MT_LIMIT_GOROUTINES));
            break;
        }
        if (n % 1024 == 0)
            mt_cur_release(in);
    }
    end_dumps(&origins);
    return mt_cur_ok(in);
}

/* A header, and behind it a frame with its place, with the header's prefix or without. */
static enum mt_match sniff(struct mt_span head)
{
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_wrapped wrapped;
    struct mt_wrapped_line line;
    bool first = true, alone = false, header = false, frame = false;
    size_t prefix = 0;
    mt_wrapped_begin(&wrapped, &in, NULL);
    for (; mt_wrapped_next(&wrapped, &line); first &= !mt_span_trim(line.text).size) {
        struct mt_span bodies[] = {line.text, mt_span_from(line.text, prefix)}, name, other;
        uint32_t number;
        size_t at = mt_dump_find_header(line.text);
        if (at != MT_NPOS) {
            if (mt_span_find(mt_span_from(line.text, at), "\\n") != MT_NPOS)
                return MT_LIKELY; /* the whole dump in this line */
            alone |= first && !at;
            header = true;
            frame = false;
            prefix = at;
            continue;
        }
        for (size_t i = 0; frame && i < 2; i++)
            if (mt_dump_place(bodies[i], &other, &number))
                return alone ? MT_CERTAIN : MT_LIKELY;
        frame = header && (mt_dump_function(bodies[0], &name, &other) ||
                           mt_dump_function(bodies[1], &name, &other) ||
                           mt_dump_bare_function(bodies[0]) || mt_dump_bare_function(bodies[1]));
    }
    return alone ? MT_LIKELY : MT_NO;
}

const struct mt_reader mt_reader_goroutine_dump = {
    .name = "goroutine-dump",
    .kind = "goroutine dump",
    .summary = "every goroutine with its stack (debug=2), alone, in panics or in logs",
    .example = "goroutine 842 [chan receive, 5 minutes]:",
    .how = "curl -o goroutines.txt 'http://HOST:6060/debug/pprof/goroutine?debug=2'",
    .mixes = true,
    .mark = "goroutine ",
    .sniff = sniff,
    .read = read_dumps,
    .inspect = mt_dump_inspect,
};
