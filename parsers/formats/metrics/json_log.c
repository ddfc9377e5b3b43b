/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/json_log.h"

#include "parsers/base/limits.h"
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"

#include <string.h>

enum { SNIFF_LINES = 256, STAMP_SIZE = 120 };

struct log {
    struct mt_capture *out;
    struct mt_recorder r;
    struct mt_json_memo memo;
    bool memstats_object;
    int64_t time_ns; /* of the line before, for the next record that has none of its own */
    bool zone_known;

    /* an object that goes on over several lines */
    unsigned char *open;
    size_t open_size, open_capacity;
    int64_t open_levels;
};

/* Where an object begins in a line: at its front, behind the front of a log line, but not as the
 * value of a member, whose own object began before. MT_NPOS: nowhere. */
static size_t find_object(struct mt_span line)
{
    size_t brace = mt_span_find_byte(line, '{');
    if (brace == MT_NPOS || brace == 0)
        return brace;
    struct mt_span front = mt_span_trim(mt_span_sub(line, 0, brace));
    if (!mt_span_ends(front, ":"))
        return brace;
    front = mt_span_trim(mt_span_sub(front, 0, front.size - 1));
    return mt_span_ends(front, "\"") ? MT_NPOS : brace;
}

static void use_record(struct log *l, enum mt_json_record kind)
{
    bool wanted = kind == MT_RECORD_METRICS && l->memo.in_memstats == l->memstats_object &&
                  l->r.strength >= MT_RECORD_STRENGTH;
    if (!wanted) {
        mt_recorder_drop(&l->r);
        return;
    }
    if (l->r.time_ns == MT_NO_TIME && l->time_ns != MT_NO_TIME)
        mt_recorder_time(&l->r, l->time_ns, l->zone_known);
    l->time_ns = MT_NO_TIME;
    mt_recorder_commit(&l->r);
}

/* All objects of the text, commas and array brackets between them. False: one is damaged; *text
 * starts with it. */
static bool use_objects(struct log *l, struct mt_span *text)
{
    for (;;) {
        size_t brace = mt_span_find_byte(*text, '{');
        if (brace == MT_NPOS)
            return true;
        *text = mt_span_from(*text, brace);
        enum mt_json_record kind = mt_json_record_take(&l->memo, text, &l->r);
        if (kind == MT_RECORD_BAD) {
            mt_recorder_drop(&l->r);
            return false;
        }
        use_record(l, kind);
    }
}

/* Objects opened minus closed in a line; INT64_MIN when a string does not end in it. */
static int64_t levels_of(struct mt_span line)
{
    int64_t levels = 0;
    bool inside = false;
    for (size_t i = 0; i < line.size; i++) {
        unsigned char c = line.data[i];
        if (inside && c == '\\')
            i++;
        else if (c == '"')
            inside = !inside;
        else if (!inside && c == '{')
            levels++;
        else if (!inside && c == '}')
            levels--;
    }
    return inside ? INT64_MIN : levels;
}

static void append(struct log *l, struct mt_span line)
{
    size_t need = l->open_size + line.size + 1;
    if (need > l->open_capacity) {
        size_t capacity = need < 4096 ? 4096 : need * 2;
        l->open = mt_arena_grow(l->out->arena, l->open, l->open_capacity, capacity, 1);
        l->open_capacity = capacity;
    }
    if (line.size)
        memcpy(l->open + l->open_size, line.data, line.size);
    l->open_size += line.size;
    l->open[l->open_size++] = '\n';
}

static void give_up_open(struct log *l)
{
    l->out->skipped += l->open_size > 0;
    l->open_size = 0;
    l->open_levels = 0;
}

/* A line that may belong to the object that is open; true when it does. */
static bool continue_open(struct log *l, struct mt_span line)
{
    int64_t levels = levels_of(line);
    if (mt_span_starts(line, "{") || levels == INT64_MIN ||
        l->open_size + line.size > mt_limit(MT_LIMIT_LINE)) {
        give_up_open(l);
        return false;
    }
    append(l, line);
    l->open_levels += levels;
    if (l->open_levels > 0)
        return true;
    struct mt_span text = {l->open, l->open_size};
    l->out->skipped += !use_objects(l, &text);
    l->open_size = 0;
    return true;
}

/* Without any object: the time of what follows, the rest of a damaged record, or another's line. */
static void use_other_line(struct log *l, struct mt_span line)
{
    int64_t time_ns;
    bool zone_known;
    if (line.size <= STAMP_SIZE && mt_stamp_alone(line, &time_ns, &zone_known)) {
        l->time_ns = time_ns;
        l->zone_known = zone_known;
    } else if (mt_span_find(line, "\"HeapAlloc\":") != MT_NPOS) {
        l->out->skipped++;
    }
}

static void use_line(struct log *l, const struct mt_wrapped_line *wrapped)
{
    struct mt_span line = wrapped->text;
    if (l->open_size && continue_open(l, line))
        return;
    size_t brace = find_object(line);
    if (brace == MT_NPOS) {
        use_other_line(l, line);
        return;
    }
    if (wrapped->time_ns != MT_NO_TIME) {
        l->time_ns = wrapped->time_ns;
        l->zone_known = wrapped->zone_known;
    } else if (brace) {
        struct mt_span front = mt_span_sub(line, 0, brace);
        int64_t time_ns;
        if (mt_stamp_of_line(front, &time_ns, &l->zone_known))
            l->time_ns = time_ns;
    }
    struct mt_span rest = line;
    if (use_objects(l, &rest))
        return;
    int64_t levels = levels_of(rest);
    if (levels > 0) {
        append(l, rest);
        l->open_levels = levels;
    } else if (!brace) {
        l->out->skipped++;
    }
}

static bool starts_array(struct mt_cursor *in)
{
    if (!mt_cur_has(in, 1))
        return false;
    struct mt_span front = mt_span_trim(mt_span_sub(in->rest, 0, STAMP_SIZE));
    if (!mt_span_take(&front, "["))
        return false;
    front = mt_span_trim(front);
    return mt_span_starts(front, "{");
}

bool mt_json_log_read(struct mt_cursor *in, struct mt_capture *out, const char *source,
                      bool memstats_object)
{
    struct log *l = MT_NEW(out->arena, struct log);
    l->out = out;
    l->memstats_object = memstats_object;
    l->time_ns = MT_NO_TIME;
    mt_recorder_begin(&l->r, out, source);
    if (starts_array(in)) {
        struct mt_span all = mt_cur_all(in);
        out->skipped += !use_objects(l, &all);
    } else {
        struct mt_wrapped w;
        struct mt_wrapped_line line;
        mt_wrapped_begin(&w, in, out->arena);
        while (mt_wrapped_next(&w, &line))
            use_line(l, &line);
        give_up_open(l);
    }
    mt_recorder_finish(&l->r);
    return mt_cur_ok(in);
}

/* -- recognition -------------------------------------------------------------------------- */

struct sniffer {
    struct mt_recorder r;
    struct mt_json_memo memo;
    bool memstats_object;
};

/* An object at the front of the text that is of the wanted kind; it need not be complete. */
static bool is_wanted(struct sniffer *s, struct mt_span text)
{
    enum mt_json_record kind = mt_json_record_take(&s->memo, &text, &s->r);
    bool wanted = kind != MT_RECORD_OTHER && s->r.strength >= 2 * MT_RECORD_STRENGTH &&
                  s->memo.in_memstats == s->memstats_object;
    mt_recorder_drop(&s->r);
    return wanted;
}

enum mt_match mt_json_log_sniff(struct mt_span head, bool memstats_object)
{
    struct sniffer s = {.memstats_object = memstats_object};
    mt_recorder_begin(&s.r, NULL, "");
    struct mt_span front = mt_span_trim(mt_span_sub(head, 0, STAMP_SIZE));
    bool array = mt_span_starts(front, "[");
    bool first = mt_span_starts(front, "{") || array;
    size_t begin = first ? mt_span_find_byte(head, '{') : MT_NPOS;
    if (begin != MT_NPOS && is_wanted(&s, mt_span_from(head, begin)))
        return MT_CERTAIN;
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    mt_wrapped_begin(&w, &in, NULL);
    for (size_t n = 0; n < SNIFF_LINES && mt_wrapped_next(&w, &line); n++) {
        size_t brace = find_object(line.text);
        if (brace == MT_NPOS)
            continue;
        struct mt_span text = mt_span_from(line.text, brace);
        if (line.wrapper == MT_WRAP_NONE) /* it may go on in the lines that follow */
            text = mt_span_from(head, (size_t)(text.data - head.data));
        if (is_wanted(&s, text))
            return MT_LIKELY;
    }
    return MT_NO;
}
