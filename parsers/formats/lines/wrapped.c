/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/lines/wrapped.h"

#include "parsers/base/jsonscan.h"
#include "parsers/base/limits.h"
#include "parsers/formats/lines/stamp.h"

#include <string.h>

enum { DOCKER_PART = 16 << 10, TAG_SIZE = 128, COLOUR_STEP = 16 << 10 };

/* One line of the file, taken apart but not yet joined or unescaped. */
struct frame {
    struct mt_wrapped_line line; /* text still escaped when `escaped` */
    bool escaped;
    bool partial;   /* another line goes on with this text */
    bool rewritten; /* the text is not the file's own bytes: unescaped, or of several lines */
};

void mt_wrapped_begin(struct mt_wrapped *w, struct mt_cursor *in, struct mt_arena *arena)
{
    memset(w, 0, sizeof *w);
    w->in = in;
    w->arena = arena;
}

/* "2026-11-22T19:11:37.764210166Z ", and nothing less exact: a program's own time is coarser. */
static bool take_exact_time(struct mt_span *s, int64_t *time_ns, bool *zone_known)
{
    struct mt_span rest = *s;
    if (rest.size < 31 || rest.data[10] != 'T' || rest.data[19] != '.')
        return false;
    for (size_t i = 20; i < 29; i++)
        if (rest.data[i] < '0' || rest.data[i] > '9')
            return false;
    if (!mt_time_take(&rest, time_ns, zone_known) || !*zone_known || !mt_span_take(&rest, " "))
        return false;
    *s = rest;
    return true;
}

static bool open_cri(struct frame *f)
{
    struct mt_span rest = f->line.text;
    int64_t time_ns;
    bool zone_known;
    if (rest.size < 22 || rest.data[10] != 'T' || !mt_time_take(&rest, &time_ns, &zone_known) ||
        !mt_span_take(&rest, " "))
        return false;
    struct mt_span stream = mt_span_sub(rest, 0, 6), tag;
    if (!mt_span_take(&rest, "stdout ") && !mt_span_take(&rest, "stderr "))
        return false;
    size_t blank = mt_span_find_byte(rest, ' ');
    tag = mt_span_sub(rest, 0, blank == MT_NPOS ? rest.size : blank);
    if (!mt_span_is(tag, "F") && !mt_span_is(tag, "P") && !mt_span_starts(tag, "F:") &&
        !mt_span_starts(tag, "P:"))
        return false;
    f->line.text = mt_span_from(rest, tag.size + 1);
    f->line.time_ns = time_ns;
    f->line.zone_known = zone_known;
    f->line.stream = stream;
    f->line.wrapper = MT_WRAP_CRI;
    f->partial = tag.data[0] == 'P';
    return true;
}

static bool open_timestamp(struct frame *f)
{
    if (!take_exact_time(&f->line.text, &f->line.time_ns, &f->line.zone_known))
        return false;
    f->line.wrapper = MT_WRAP_TIMESTAMP;
    return true;
}

enum role {
    ROLE_NONE,
    ROLE_LOG,
    ROLE_MESSAGE,
    ROLE_JOURNAL,
    ROLE_TEXT_PAYLOAD,
    ROLE_STREAM,
    ROLE_TAG,
    ROLE_ORIGIN,
    ROLE_TIME,
    ROLE_KUBERNETES,
    ROLES
};

/* What a wrapper's member is for. */
static enum role role_of(struct mt_span key)
{
#define NAME(text, role)                                                                           \
    {                                                                                              \
        "" text "", sizeof(text) - 1, (role)                                                       \
    }
    static const struct {
        const char *text;
        size_t size;
        enum role role;
    } names[] = {
        NAME("log", ROLE_LOG),
        NAME("message", ROLE_MESSAGE),
        NAME("MESSAGE", ROLE_JOURNAL),
        NAME("textPayload", ROLE_TEXT_PAYLOAD),
        NAME("stream", ROLE_STREAM),
        NAME("logtag", ROLE_TAG),
        NAME("time", ROLE_TIME),
        NAME("date", ROLE_TIME),
        NAME("timestamp", ROLE_TIME),
        NAME("@timestamp", ROLE_TIME),
        NAME("time_nano", ROLE_TIME),
        NAME("__REALTIME_TIMESTAMP", ROLE_TIME),
        NAME("kubernetes", ROLE_KUBERNETES),
        NAME("pod_name", ROLE_ORIGIN),
        NAME("pod", ROLE_ORIGIN),
        NAME("container_name", ROLE_ORIGIN),
        NAME("container_id", ROLE_ORIGIN),
        NAME("hostname", ROLE_ORIGIN),
        NAME("_HOSTNAME", ROLE_ORIGIN),
        NAME("_SYSTEMD_UNIT", ROLE_ORIGIN),
    };
#undef NAME
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].size == key.size && memcmp(names[i].text, key.data, key.size) == 0)
            return names[i].role;
    return ROLE_NONE;
}

/* Members of a JSON object that may be a wrapper. */
struct members {
    struct mt_span texts[ROLES]; /* by role, the first of each */
    bool shipped;                /* it has a member only a shipper adds */
    bool has_time, zone_known;
    int64_t time_ns;
};

static void take_member(struct members *m, enum role role, enum mt_token token,
                        struct mt_span value)
{
    if (role == ROLE_TIME && !m->has_time)
        m->has_time = mt_time_parse(value, &m->time_ns, &m->zone_known);
    else if (token == MT_TOKEN_TEXT && !m->texts[role].data)
        m->texts[role] = value;
}

/* The pod, or else the container, out of the object "kubernetes", which has just been opened. */
static bool take_kubernetes(struct members *m, struct mt_json_scan *s)
{
    struct mt_span pod = {0}, container = {0};
    enum mt_token token;
    while ((token = mt_json_scan_next(s)) == MT_TOKEN_KEY) {
        struct mt_span key = s->text;
        token = mt_json_scan_next(s);
        if (token == MT_TOKEN_TEXT && mt_span_is(key, "pod_name"))
            pod = s->text;
        else if (token == MT_TOKEN_TEXT && mt_span_is(key, "container_name"))
            container = s->text;
        else if (!mt_json_scan_skip(s, token))
            return false;
    }
    if (pod.size || container.size)
        m->texts[ROLE_ORIGIN] = pod.size ? pod : container;
    return token == MT_TOKEN_OBJECT_END;
}

/* The line is all there is, so the spans of its tokens stay valid. */
static bool take_members(struct mt_span text, struct members *m)
{
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(text, &err);
    struct mt_json_scan s = mt_json_scan_over(&in);
    if (mt_json_scan_next(&s) != MT_TOKEN_OBJECT)
        return false;
    enum mt_token token;
    while ((token = mt_json_scan_next(&s)) == MT_TOKEN_KEY) {
        enum role role = role_of(s.text);
        token = mt_json_scan_next(&s);
        if (token == MT_TOKEN_OBJECT && role == ROLE_KUBERNETES) {
            m->shipped = true;
            if (!take_kubernetes(m, &s))
                return false;
        } else if (token == MT_TOKEN_TEXT || token == MT_TOKEN_NUMBER) {
            take_member(m, role, token, s.text);
        } else if (!mt_json_scan_skip(&s, token)) {
            return false;
        }
    }
    return token == MT_TOKEN_OBJECT_END;
}

/* The text of a string that ends in an escaped line end (Docker) is the line before it. */
static void drop_escaped_end(struct frame *f)
{
    struct mt_span *text = &f->line.text;
    while (mt_span_ends(*text, "\\n") || mt_span_ends(*text, "\\r")) {
        size_t backslashes = 1;
        while (backslashes + 2 <= text->size && text->data[text->size - 2 - backslashes] == '\\')
            backslashes++;
        if (backslashes % 2 == 0)
            break;
        text->size -= 2;
    }
    f->escaped = mt_span_find_byte(*text, '\\') != MT_NPOS;
}

/* The object of "{...}" or, as Fluent Bit's file output has it, of "tag: [1795374380.89, {...}]".
 */
static bool find_object(struct mt_span text, struct members *m, struct mt_span *object)
{
    *object = text;
    if (mt_span_starts(text, "{"))
        return true;
    if (!mt_span_ends(text, "}]"))
        return false;
    struct mt_span front = mt_span_sub(text, 0, TAG_SIZE);
    size_t bracket = mt_span_find_byte(front, '[');
    struct mt_span rest = mt_span_from(front, bracket == MT_NPOS ? front.size : bracket + 1);
    m->has_time = mt_stamp_take(&rest, &m->time_ns, &m->zone_known);
    if (!m->has_time || !mt_span_starts(rest, ", {"))
        return false;
    *object = mt_span_from(text, (size_t)(rest.data - text.data) + 2);
    return true;
}

/* Only what cannot be a program's own record: an application logs "message" and "time", too. */
static struct mt_span wrapped_text(const struct members *m)
{
    if (m->texts[ROLE_JOURNAL].data && m->has_time)
        return m->texts[ROLE_JOURNAL];
    if (m->texts[ROLE_TEXT_PAYLOAD].data)
        return m->texts[ROLE_TEXT_PAYLOAD];
    if (m->texts[ROLE_LOG].data && (m->shipped || m->has_time))
        return m->texts[ROLE_LOG];
    return m->shipped ? m->texts[ROLE_MESSAGE] : (struct mt_span){0};
}

static bool open_json(struct frame *f)
{
    struct members m = {0};
    struct mt_span object;
    if (!find_object(f->line.text, &m, &object) || !take_members(object, &m))
        return false;
    m.shipped = m.shipped || m.texts[ROLE_STREAM].size || m.texts[ROLE_TAG].size;
    struct mt_span text = wrapped_text(&m);
    if (!text.data)
        return false;
    /* Docker cuts a line at 16 KiB and ends only its last part with the line's end. */
    bool cut = !m.texts[ROLE_TAG].size && text.size >= DOCKER_PART && !mt_span_ends(text, "\\n");
    f->line = (struct mt_wrapped_line){.text = text,
                                       .time_ns = m.has_time ? m.time_ns : MT_NO_TIME,
                                       .zone_known = m.zone_known,
                                       .wrapper = MT_WRAP_JSON,
                                       .stream = m.texts[ROLE_STREAM],
                                       .origin = m.texts[ROLE_ORIGIN]};
    f->partial = mt_span_is(m.texts[ROLE_TAG], "P") || cut;
    drop_escaped_end(f);
    return true;
}

static size_t stream_index(const struct mt_wrapped_line *line)
{
    return mt_span_is(line->stream, "stderr") ? 0 : 1;
}

static void grow_part(struct mt_wrapped *w, struct mt_wrapped_part *part, size_t more)
{
    size_t need = part->size + more;
    if (need <= part->capacity)
        return;
    size_t capacity = need < 4096 ? 4096 : need * 2;
    part->bytes = mt_arena_grow(w->arena, part->bytes, part->capacity, capacity, 1);
    part->capacity = capacity;
}

/* Appends the frame's text to what its stream has so far, escapes resolved. */
static void add_part(struct mt_wrapped *w, struct mt_wrapped_part *part, const struct frame *f)
{
    uint64_t limit = mt_limit(MT_LIMIT_LINE);
    struct mt_span text = f->line.text;
    if (!part->open)
        part->size = 0, part->cut = false;
    if (part->size >= limit) {
        w->in->cut_lines += !part->cut;
        part->cut = true;
        return;
    }
    grow_part(w, part, text.size);
    if (f->escaped)
        part->size += mt_json_unescape(text, part->bytes + part->size);
    else if (text.size) {
        memcpy(part->bytes + part->size, text.data, text.size);
        part->size += text.size;
    }
}

/* The frame's text as the program wrote it, or false when more parts are to come. */
static bool finish(struct mt_wrapped *w, struct frame *f)
{
    if (!w->arena) {
        if (f->escaped) {
            struct mt_span text = mt_span_sub(f->line.text, 0, sizeof w->head);
            f->line.text.size = mt_json_unescape(text, w->head);
            f->line.text.data = w->head;
            f->rewritten = true;
        }
        return true;
    }
    struct mt_wrapped_part *part = &w->parts[stream_index(&f->line)];
    if (!part->open && !f->partial && !f->escaped)
        return true;
    add_part(w, part, f);
    part->open = f->partial;
    f->line.text = (struct mt_span){part->bytes, part->size};
    f->rewritten = true;
    return !f->partial;
}

/* A text of several lines: the first now, the others with the next calls. */
static void take_apart(struct mt_wrapped *w, struct mt_wrapped_line *line)
{
    w->current = *line;
    w->more = line->text;
    if (!mt_span_line(&w->more, &line->text))
        line->text = w->more;
}

/* What was begun and never finished. */
static bool take_unfinished(struct mt_wrapped *w, struct mt_wrapped_line *line)
{
    for (size_t i = 0; i < MT_WRAPPED_STREAMS; i++) {
        struct mt_wrapped_part *part = &w->parts[i];
        if (!part->open)
            continue;
        part->open = false;
        *line = (struct mt_wrapped_line){.text = {part->bytes, part->size},
                                         .time_ns = MT_NO_TIME,
                                         .wrapper = MT_WRAP_JSON,
                                         .unended = true,
                                         .stream = mt_span_of(i ? "stdout" : "stderr")};
        take_apart(w, line);
        return true;
    }
    return false;
}

/* Takes the wrappers off; false when there is none. */
static bool open_frame(struct frame *f)
{
    if (open_cri(f))
        return true;
    if (!open_json(f))
        return open_timestamp(f);
    struct frame inner = {.line = f->line};
    if (!f->escaped && (open_cri(&inner) || open_timestamp(&inner))) {
        inner.line.wrapper = MT_WRAP_JSON;
        inner.line.origin = f->line.origin;
        *f = inner;
    }
    return true;
}

/* Size of what colours text on a terminal, "\x1b[36m" or "\x1b[K", at the front; 0: nothing. */
static size_t colour_size(struct mt_span s)
{
    size_t n = 2;
    if (!mt_span_starts(s, "\x1b["))
        return 0;
    while (n < s.size && ((s.data[n] >= '0' && s.data[n] <= '9') || s.data[n] == ';'))
        n++;
    return n < s.size && (s.data[n] == 'm' || s.data[n] == 'K') ? n + 1 : 0;
}

/* Where a line of that size is written without its colours; *size is what fits. */
static unsigned char *plain_room(struct mt_wrapped *w, size_t *size)
{
    if (!w->arena) { /* the text may lie there already, and gets no longer */
        *size = *size < sizeof w->head ? *size : sizeof w->head;
        return w->head;
    }
    if (*size > w->plain_capacity) {
        size_t capacity = *size < MT_WRAPPED_HEAD ? MT_WRAPPED_HEAD : *size * 2;
        w->plain = mt_arena_grow(w->arena, w->plain, w->plain_capacity, capacity, 1);
        w->plain_capacity = capacity;
    }
    return w->plain;
}

/* Most logs have no colours: one is looked for in long steps and what was found out is kept for the
 * lines to come. */
static bool is_coloured(struct mt_wrapped *w, struct mt_span text, bool rewritten)
{
    enum { ESCAPE = 0x1b };
    if (!rewritten && w->in->offset <= w->no_colour_until)
        return false;
    if (mt_span_find_byte(text, ESCAPE) != MT_NPOS)
        return true;
    if (!rewritten) {
        struct mt_span ahead = mt_span_sub(w->in->rest, 0, COLOUR_STEP);
        size_t at = mt_span_find_byte(ahead, ESCAPE);
        w->no_colour_until = w->in->offset + (at == MT_NPOS ? ahead.size : at);
    }
    return false;
}

static void drop_colours(struct mt_wrapped *w, struct mt_span *text)
{
    size_t room = text->size, n = 0;
    unsigned char *to = plain_room(w, &room);
    for (struct mt_span rest = *text; rest.size && n < room;) {
        size_t colour = colour_size(rest);
        if (!colour)
            to[n++] = rest.data[0];
        rest = mt_span_from(rest, colour ? colour : 1);
    }
    *text = (struct mt_span){to, n};
}

static bool next_line(struct mt_wrapped *w, struct mt_wrapped_line *line, bool *rewritten)
{
    *rewritten = true;
    if (w->more.size) {
        *line = w->current;
        return mt_span_line(&w->more, &line->text);
    }
    struct mt_span text;
    while (mt_cur_line(w->in, &text)) {
        struct frame f = {.line = {.text = text, .time_ns = MT_NO_TIME}};
        bool unended = text.data + text.size == w->in->rest.data;
        bool look = w->any || w->lines_seen < MT_WRAPPED_TRIES;
        if (text.size)
            w->lines_seen++;
        if (!look || !text.size || !open_frame(&f)) {
            *line = f.line;
            line->unended = unended;
            *rewritten = false;
            return true;
        }
        w->any = true;
        if (!finish(w, &f))
            continue;
        *line = f.line;
        line->unended =
            unended && f.line.wrapper != MT_WRAP_JSON; /* those have an end of their own */
        *rewritten = f.rewritten;
        if (f.line.wrapper == MT_WRAP_JSON && f.rewritten) /* else it is one line already */
            take_apart(w, line);
        return true;
    }
    return take_unfinished(w, line);
}

bool mt_wrapped_next(struct mt_wrapped *w, struct mt_wrapped_line *line)
{
    bool rewritten;
    if (!next_line(w, line, &rewritten))
        return false;
    if (is_coloured(w, line->text, rewritten))
        drop_colours(w, &line->text);
    return true;
}

enum mt_match mt_wrapped_sniff(struct mt_span head, bool (*is_own)(struct mt_span line))
{
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_wrapped wrapped;
    struct mt_wrapped_line line;
    mt_wrapped_begin(&wrapped, &in, NULL);
    for (bool first = true; mt_wrapped_next(&wrapped, &line); first = false)
        if (is_own(line.text))
            return first ? MT_CERTAIN : MT_LIKELY;
    return MT_NO;
}
