/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/field_log.h"

#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/metrics/json_record.h"
#include "parsers/formats/metrics/name_memo.h"
#include "parsers/formats/metrics/recorder.h"

#include <string.h>

enum { STAMP_SIZE = 64, SNIFF_LINES = 2000 };
/* What the names in the head must amount to, and when it is enough. */
enum { LEAST_STRENGTH = 2 * MT_RECORD_STRENGTH, SNIFF_STRENGTH = 64 * MT_RECORD_STRENGTH };

struct field_log {
    struct mt_recorder r;
    struct mt_name_memo names;
    struct mt_json_memo members;
    bool upright;    /* the recorder holds a record that stands upright and may go on */
    int64_t time_ns; /* of a line that was only a time, for the next record without one */
    bool zone_known;
};

/* One line being taken apart. */
struct fields {
    struct field_log *log;
    struct mt_span line;
    size_t done; /* names begin behind it */
    bool unended;
    bool has_time, zone_known;
    int64_t time_ns;
};

/* -- fields ------------------------------------------------------------------------------- */

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_byte(unsigned char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

/* The name that ends before `at`, quotes and a few blanks between left out. */
static struct mt_span name_before(const struct fields *f, size_t at)
{
    size_t end = at;
    while (end > f->done && at - end < 3 && f->line.data[end - 1] == ' ')
        end--;
    if (end > f->done && (f->line.data[end - 1] == '"' || f->line.data[end - 1] == '\''))
        end--;
    size_t begin = end;
    while (begin > f->done && is_name_byte(f->line.data[begin - 1]))
        begin--;
    if (begin == end || !is_letter(f->line.data[begin]) ||
        (begin > 1 && f->line.data[begin - 2] == '#'))
        return (struct mt_span){0}; /* "# HeapAlloc = 5" is memstats-text's */
    return mt_span_sub(f->line, begin, end - begin);
}

static void take_time(struct fields *f, struct mt_span *rest)
{
    int64_t time_ns;
    bool zone_known = true;
    struct mt_span number = *rest;
    double value;
    if (f->has_time)
        return;
    if (!mt_stamp_take(rest, &time_ns, &zone_known)) {
        if (!mt_span_take_f64(&number, &value) || !mt_stamp_from_number(value, &time_ns))
            return;
        *rest = number;
    }
    f->has_time = true;
    f->time_ns = time_ns;
    f->zone_known = zone_known;
}

/* "shop-7d9f", up to a blank or what ends a value. */
static struct mt_span take_word(struct mt_span *rest)
{
    size_t n = 0;
    while (n < rest->size && rest->data[n] > ' ' && !strchr(",;\"'})]", rest->data[n]))
        n++;
    struct mt_span word = mt_span_sub(*rest, 0, n);
    *rest = mt_span_from(*rest, n);
    return word;
}

/* The value behind a name and its separator; *rest is moved behind what was taken. */
static void take_value(struct fields *f, const struct mt_name_slot *slot, struct mt_span *rest)
{
    struct mt_recorder *r = &f->log->r;
    while (mt_span_take(rest, " ") || mt_span_take(rest, "\t"))
        ;
    if (!mt_span_take(rest, "\""))
        mt_span_take(rest, "'");
    uint64_t pid;
    if (slot->kind == MT_NAME_TIME) {
        take_time(f, rest);
    } else if (slot->kind == MT_NAME_PID) {
        if (mt_span_take_u64(rest, &pid) && pid <= UINT32_MAX)
            r->pid = (uint32_t)pid;
    } else if (slot->kind == MT_NAME_ORIGIN) {
        if (!r->origin.size)
            r->origin = take_word(rest);
    } else if (!mt_recorder_has(r, slot->metric.metric)) {
        struct mt_span value = *rest;
        if (!mt_recorder_take(r, &slot->metric, &value))
            return;
        *rest = value;
    }
}

/* The last number of a text that stops without a line end may lack its last digits. */
static bool may_be_cut(const struct fields *f, struct mt_span rest)
{
    for (size_t i = 0; f->unended && i < rest.size; i++)
        if (rest.data[i] == ' ' || rest.data[i] == '\t' || rest.data[i] == ',')
            return false;
    return f->unended;
}

/* "VmRSS:     12928 kB", "Threads:\t7", "memory.current:4096": what the kernel prints has readers
 * of its own. `behind` begins with the separator. */
static bool is_kernels(struct mt_span name, struct mt_span behind)
{
    return mt_span_starts(behind, ":\t") || mt_span_starts(name, "memory.") ||
           (mt_span_starts(behind, ":  ") && mt_span_ends(behind, " kB"));
}

/* What the field whose separator is at `at` is called; NULL when no name stands there. */
static const struct mt_name_slot *slot_before(struct fields *f, size_t at,
                                              const struct mt_name_slot *previous)
{
    struct mt_name_memo *names = &f->log->names;
    struct mt_span name = name_before(f, at);
    if (!name.size || is_kernels(name, mt_span_from(f->line, at)))
        return NULL;
    const struct mt_name_slot *slot = mt_name_memo_find(names, name);
    mt_name_memo_follows(names, previous, slot);
    return slot;
}

/* A record says its names in the order of the one before: whether the one that followed then stands
 * `gap` bytes behind what was taken, the last of them a blank, and ends in a separator. */
static bool goes_on(const struct fields *f, size_t gap, const struct mt_name_slot *next)
{
    const struct mt_span line = f->line;
    size_t begin = f->done + gap, end = begin + next->size;
    return next->kind != MT_NAME_UNSEEN && end < line.size && line.data[begin - 1] == ' ' &&
           (line.data[end] == '=' || line.data[end] == ':') &&
           memcmp(line.data + begin, next->name, next->size) == 0 &&
           (begin < 2 || line.data[begin - 2] != '#');
}

static size_t next_separator(struct mt_span line, size_t at)
{
    while (at < line.size && line.data[at] != '=' && line.data[at] != ':')
        at++;
    return at;
}

/* Names the next field; *at is behind the last one's separator and is moved to its own. NULL: there
 * is none at the separator that comes next, or no separator. */
static const struct mt_name_slot *next_field(struct fields *f, size_t *at,
                                             const struct mt_name_slot *previous)
{
    const struct mt_name_slot *guess = mt_name_memo_guess(&f->log->names, previous);
    if (goes_on(f, 1, guess)) {
        *at = f->done + 1 + guess->size;
        return guess;
    }
    *at = next_separator(f->line, *at);
    if (*at >= f->line.size)
        return NULL;
    size_t gap = *at - f->done - guess->size;
    if (*at > f->done + guess->size && goes_on(f, gap, guess))
        return guess;
    return slot_before(f, *at, previous);
}

static void take_fields(struct fields *f)
{
    const struct mt_name_slot *slot = NULL;
    const struct mt_span line = f->line;
    for (size_t at = 0; at < line.size; at++) {
        const struct mt_name_slot *named = next_field(f, &at, slot);
        if (!named)
            continue;
        slot = named;
        f->done = at + 1;
        if (slot->kind == MT_NAME_OTHER)
            continue;
        struct mt_span rest = mt_span_from(line, at + 1);
        if (slot->kind == MT_NAME_METRIC && may_be_cut(f, rest))
            continue;
        take_value(f, slot, &rest);
        f->done = line.size - rest.size;
        at = f->done - 1;
    }
}

/* -- lines -------------------------------------------------------------------------------- */

/* A JSON record: its own metrics are the business of memstats-json, its message is a line. */
static bool open_json(struct fields *f)
{
    struct mt_recorder *r = &f->log->r;
    struct mt_span object = f->line;
    enum mt_json_record kind = mt_json_record_take(&f->log->members, &object, r);
    int64_t time_ns = r->time_ns;
    bool zone_known = r->zone_known;
    uint32_t pid = r->pid;
    bool theirs = kind != MT_RECORD_OTHER;
    mt_recorder_drop(r);
    if (theirs || !f->log->members.message.size)
        return false;
    f->line = f->log->members.message;
    f->unended = false;
    f->has_time = time_ns != MT_NO_TIME;
    f->time_ns = time_ns;
    f->zone_known = zone_known;
    r->pid = pid;
    return true;
}

static bool starts_json(struct mt_span line)
{
    if (!mt_span_take(&line, "{"))
        return false;
    line = mt_span_trim(line);
    return mt_span_starts(line, "\"") || mt_span_starts(line, "}");
}

/* An object with metrics somewhere in the line is a record of memstats-json, too. */
static bool holds_json_record(struct fields *f)
{
    size_t brace = mt_span_find_byte(f->line, '{');
    if (brace == MT_NPOS)
        return false;
    struct mt_span object = mt_span_from(f->line, brace);
    bool holds = mt_json_record_take(&f->log->members, &object, &f->log->r) == MT_RECORD_METRICS;
    mt_recorder_drop(&f->log->r);
    return holds;
}

static void use_lone_time(struct field_log *log)
{
    if (log->r.time_ns == MT_NO_TIME && log->time_ns != MT_NO_TIME)
        mt_recorder_time(&log->r, log->time_ns, log->zone_known);
    log->time_ns = MT_NO_TIME;
}

static void end_upright(struct field_log *log)
{
    if (!log->upright)
        return;
    log->upright = false;
    if (log->r.strength < MT_RECORD_STRENGTH || !log->r.out) {
        mt_recorder_drop(&log->r);
        return;
    }
    use_lone_time(log);
    mt_recorder_commit(&log->r);
}

static size_t name_size(struct mt_span line)
{
    size_t n = 0;
    while (n < line.size && is_name_byte(line.data[n]))
        n++;
    return n && is_letter(line.data[0]) ? n : 0;
}

/* A line of one field and nothing else, "HeapAlloc: 3089720": a record may stand upright, a field a
 * line. Such lines are gathered until a metric comes again. */
static bool take_upright(struct field_log *log, const struct mt_wrapped_line *wrapped)
{
    struct mt_span line = mt_span_trim(wrapped->text);
    size_t size = name_size(line);
    if (!size || wrapped->unended)
        return false;
    struct mt_span name = mt_span_sub(line, 0, size);
    struct mt_span value = mt_span_trim(mt_span_from(line, size));
    if (is_kernels(name, mt_span_from(line, size)) ||
        (!mt_span_take(&value, "=") && !mt_span_take(&value, ":")))
        return false;
    const struct mt_name_slot *slot = mt_name_memo_find(&log->names, name);
    struct mt_quantity q;
    if (slot->kind != MT_NAME_METRIC ||
        !mt_quantity_parse(value, mt_metric_info(slot->metric.metric)->unit, &q))
        return false;
    if (log->upright && mt_recorder_has(&log->r, slot->metric.metric))
        end_upright(log);
    log->upright = true;
    if (wrapped->time_ns != MT_NO_TIME)
        mt_recorder_time(&log->r, wrapped->time_ns, wrapped->zone_known);
    return mt_recorder_text(&log->r, &slot->metric, value);
}

static void choose_time(struct fields *f, const struct mt_wrapped_line *wrapped)
{
    struct field_log *log = f->log;
    if (!f->has_time)
        f->has_time = mt_stamp_of_line(f->line, &f->time_ns, &f->zone_known);
    bool coarse = f->has_time && (!f->zone_known || f->time_ns % MT_SECOND_NS == 0);
    if (wrapped->time_ns != MT_NO_TIME && (!f->has_time || coarse))
        mt_recorder_time(&log->r, wrapped->time_ns, wrapped->zone_known);
    else if (f->has_time)
        mt_recorder_time(&log->r, f->time_ns, f->zone_known);
    use_lone_time(log);
}

/* The part of the line whose fields count is left in f->line; false: the line is no log line. */
static bool open_line(struct fields *f)
{
    if (starts_json(f->line))
        return open_json(f);
    struct mt_span line = mt_span_trim(f->line);
    if (line.size && (line.data[0] == '"' || line.data[0] == '}' || line.data[0] == ']'))
        return false; /* inside a JSON text of several lines */
    return !holds_json_record(f);
}

/* Leaves the line's record in the recorder; false, with nothing left there, when it is none. */
static bool take_record(struct field_log *log, const struct mt_wrapped_line *wrapped,
                        struct fields *f)
{
    *f = (struct fields){.log = log, .line = wrapped->text, .unended = wrapped->unended};
    if (open_line(f))
        take_fields(f);
    if (log->r.strength >= MT_RECORD_STRENGTH)
        return true;
    mt_recorder_drop(&log->r);
    return false;
}

static void use_line(struct field_log *log, const struct mt_wrapped_line *line)
{
    struct fields f;
    int64_t time_ns;
    bool zone_known;
    if (take_upright(log, line))
        return;
    end_upright(log);
    if (take_record(log, line, &f)) {
        choose_time(&f, line);
        if (!log->r.origin.size)
            log->r.origin = line->origin;
        mt_recorder_commit(&log->r);
    } else if (line->text.size <= STAMP_SIZE && mt_stamp_alone(line->text, &time_ns, &zone_known)) {
        log->time_ns = time_ns;
        log->zone_known = zone_known;
    }
}

bool mt_field_log_read(struct mt_cursor *in, struct mt_capture *out, const char *source)
{
    struct field_log *log = MT_NEW(out->arena, struct field_log);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    mt_recorder_begin(&log->r, out, source);
    log->time_ns = MT_NO_TIME;
    mt_wrapped_begin(&w, in, out->arena);
    while (mt_wrapped_next(&w, &line))
        use_line(log, &line);
    end_upright(log);
    mt_recorder_finish(&log->r);
    return mt_cur_ok(in);
}

/* -- recognition -------------------------------------------------------------------------- */

static bool of_process(enum mt_metric metric)
{
    switch (metric) {
    case MT_M_RSS:
    case MT_M_RSS_ANON:
    case MT_M_VIRTUAL:
    case MT_M_THREADS:
    case MT_M_OPEN_FDS:
    case MT_M_MAX_FDS:
    case MT_M_CPU_SECONDS:
    case MT_M_CGROUP_CURRENT:
    case MT_M_CGROUP_ANON:
    case MT_M_CGROUP_FILE:
    case MT_M_CGROUP_LIMIT:
        return true;
    default:
        return false;
    }
}

static bool only_of_process(const struct mt_recorder *r)
{
    for (size_t i = 0; i < r->n_set; i++)
        if (!of_process((enum mt_metric)r->order[i]))
            return false;
    return true;
}

/* key=value from the first word on. */
static bool is_logfmt(struct mt_span line)
{
    size_t n = name_size(line);
    return n && n < line.size && line.data[n] == '=';
}

/* Markdown may quote a log; it is a text all the same. */
static bool is_heading(struct mt_span line)
{
    int64_t time_ns;
    bool zone_known;
    return (mt_span_starts(line, "# ") || mt_span_starts(line, "## ")) &&
           mt_span_find_byte(line, '=') == MT_NPOS && !mt_stamp_alone(line, &time_ns, &zone_known);
}

struct findings {
    enum mt_field_log_kind kind;
    unsigned strength;
    bool at_once; /* the first line was a record */
};

static void add_finding(struct findings *found, const struct mt_recorder *r, struct mt_span line,
                        bool first)
{
    enum mt_field_log_kind kind = only_of_process(r) ? MT_FIELD_LOG_RSS
                                  : is_logfmt(line)  ? MT_FIELD_LOG_LOGFMT
                                                     : MT_FIELD_LOG_APP;
    if (kind > found->kind)
        found->kind = kind;
    found->strength += r->strength;
    found->at_once |= first;
}

enum mt_match mt_field_log_sniff(struct mt_span head, enum mt_field_log_kind kind)
{
    struct field_log log = {.time_ns = MT_NO_TIME};
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    struct fields f;
    struct findings found = {0};
    mt_recorder_begin(&log.r, NULL, "");
    mt_wrapped_begin(&w, &in, NULL);
    for (size_t n = 0;
         n < SNIFF_LINES && found.strength < SNIFF_STRENGTH && mt_wrapped_next(&w, &line); n++) {
        if (n == 0 && is_heading(line.text))
            return MT_NO;
        if (take_upright(&log, &line) || take_record(&log, &line, &f))
            add_finding(&found, &log.r, line.text, n == 0);
        mt_recorder_drop(&log.r);
        log.upright = false;
    }
    if (found.kind != kind || found.strength < LEAST_STRENGTH)
        return MT_NO;
    return found.at_once && kind != MT_FIELD_LOG_APP ? MT_CERTAIN : MT_LIKELY;
}
