/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of `pidstat -r` (sysstat), also with -h and other figures beside:
 *
 *     Linux 6.18.44 (vm)      11/25/26        _x86_64_        (2 CPU)
 *
 *     20:26:17      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command
 *     20:26:19        0      5419    147.26      0.00 1270144   13104   0.05  svc
 *
 * A row begins with the time of day; the date stands at the top alone.
 */
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/metrics/largest.h"
#include "parsers/formats/metrics/process.h"
#include "parsers/formats/reader.h"

enum { MOST_COLUMNS = 48, SNIFF_LINES = 200, DAY_SECONDS = 86400 };

enum column { COLUMN_OTHER, COLUMN_PID, COLUMN_RSS, COLUMN_VIRTUAL, COLUMN_THREADS, COLUMN_FDS };

struct header {
    enum column columns[MOST_COLUMNS];
    size_t n; /* 0: not inside a table; the last is the command */
};

/* Two digits and what follows them. */
static bool take_two(struct mt_span *s, const char *end, int64_t *value)
{
    if (s->size < 2 || s->data[0] < '0' || s->data[0] > '9' || s->data[1] < '0' || s->data[1] > '9')
        return false;
    *value = (s->data[0] - '0') * 10 + s->data[1] - '0';
    *s = mt_span_from(*s, 2);
    return mt_span_take(s, end);
}

struct moment {
    int64_t seconds;
    bool of_day; /* otherwise since 1970, which -H prints */
};

/* "20:26:17", "08:26:17 PM", "1795641206" */
static bool take_moment(struct mt_span *s, struct moment *m)
{
    struct mt_span rest = mt_span_trim(*s), word, next;
    int64_t hour, minute, second, time_ns;
    uint64_t number;
    if (!mt_span_word(&rest, &word))
        return false;
    if (mt_span_u64(word, &number) && mt_stamp_from_number((double)number, &time_ns)) {
        *m = (struct moment){time_ns / MT_SECOND_NS, false};
        *s = rest;
        return true;
    }
    if (!take_two(&word, ":", &hour) || !take_two(&word, ":", &minute) ||
        !take_two(&word, "", &second) || word.size || hour > 23 || minute > 59 || second > 60)
        return false;
    struct mt_span behind = rest;
    if (mt_span_word(&behind, &next) && (mt_span_is(next, "AM") || mt_span_is(next, "PM"))) {
        hour = hour % 12 + (mt_span_is(next, "PM") ? 12 : 0);
        rest = behind;
    }
    *s = rest;
    *m = (struct moment){hour * 3600 + minute * 60 + second, true};
    return true;
}

/* "11/25/26" and "11/25/2026" as the C and American locales write them, month first, unless there
 * is no such month; "2026-11-25" under S_TIME_FORMAT=ISO. */
static bool parse_date(struct mt_span text, int64_t *day_ns)
{
    int64_t month, day;
    uint64_t year;
    if (mt_span_find_byte(text, '-') == 4) /* ISO */
        return mt_span_take_u64(&text, &year) && mt_span_take(&text, "-") &&
               take_two(&text, "-", &month) && take_two(&text, "", &day) && !text.size &&
               mt_time_from_civil((int64_t)year, month, day, 0, 0, 0, 0, day_ns);
    if (!take_two(&text, "/", &month) || !take_two(&text, "/", &day) || !mt_span_u64(text, &year) ||
        year > 9999)
        return false;
    if (month > 12) {
        int64_t first = month;
        month = day;
        day = first;
    }
    return mt_time_from_civil((int64_t)(year < 100 ? 2000 + year : year), month, day, 0, 0, 0, 0,
                              day_ns);
}

/* The line at the top: "Linux", release, host in brackets, date. */
static bool parse_banner(struct mt_span line, int64_t *day_ns)
{
    struct mt_span word;
    if (!mt_span_take(&line, "Linux "))
        return false;
    while (mt_span_word(&line, &word))
        if (parse_date(word, day_ns))
            return true;
    return false;
}

static enum column column_of(struct mt_span title)
{
    return mt_span_is(title, "PID")       ? COLUMN_PID
           : mt_span_is(title, "RSS")     ? COLUMN_RSS
           : mt_span_is(title, "VSZ")     ? COLUMN_VIRTUAL
           : mt_span_is(title, "threads") ? COLUMN_THREADS
           : mt_span_is(title, "fd-nr")   ? COLUMN_FDS
                                          : COLUMN_OTHER;
}

/* Titles behind a time, or behind "# Time". False also where a process is not told or none of our
 * figures is among them. */
static bool parse_header(struct mt_span line, struct header *h)
{
    struct mt_span word;
    struct moment moment;
    bool pid = false, figure = false, command = false;
    h->n = 0;
    if (mt_span_take(&line, "#")) {
        line = mt_span_trim(line);
        if (!mt_span_take(&line, "Time"))
            return false;
    } else if (!take_moment(&line, &moment)) {
        return false;
    }
    while (h->n < MOST_COLUMNS && mt_span_word(&line, &word)) {
        enum column column = column_of(word);
        pid |= column == COLUMN_PID;
        figure |= column != COLUMN_PID && column != COLUMN_OTHER;
        command = mt_span_is(word, "Command");
        h->columns[h->n++] = column;
    }
    if (pid && figure && command)
        return true;
    h->n = 0;
    return false;
}

/* With --human sizes carry a unit. */
static bool use_word(struct mt_recorder *r, enum column column, struct mt_span word)
{
    switch (column) {
    case COLUMN_PID:
        return mt_process_take(r, MT_PROCESS_PID, word);
    case COLUMN_RSS:
        return mt_process_take(r, MT_PROCESS_RSS, word);
    case COLUMN_VIRTUAL:
        return mt_process_take(r, MT_PROCESS_VIRTUAL, word);
    case COLUMN_THREADS:
        return mt_process_take(r, MT_PROCESS_THREADS, word);
    case COLUMN_FDS: /* -1: not ours to see */
        return mt_span_is(word, "-1") || mt_process_take(r, MT_PROCESS_FDS, word);
    default:
        return true;
    }
}

/* Behind the time of day. */
static bool parse_row(const struct header *h, struct mt_span line, struct mt_recorder *r)
{
    struct mt_span word;
    for (size_t i = 0; i < h->n; i++) {
        if (!mt_span_word(&line, &word) || !use_word(r, h->columns[i], word))
            return false;
        if (i + 1 == h->n)
            r->origin = mt_process_base_name(word);
    }
    return true;
}

struct log {
    struct mt_recorder r;
    struct header header;
    int64_t day_ns; /* MT_NO_TIME: no date was there */
    int64_t last;   /* second of the day of the row before; -1: none */
};

/* Rows behind midnight are of the next day. */
static void use_moment(struct log *l, struct moment m)
{
    if (!m.of_day)
        mt_recorder_time(&l->r, m.seconds * MT_SECOND_NS, true);
    if (!m.of_day || l->day_ns == MT_NO_TIME)
        return;
    if (m.seconds + DAY_SECONDS / 2 < l->last)
        l->day_ns += DAY_SECONDS * MT_SECOND_NS;
    l->last = m.seconds;
    mt_recorder_time(&l->r, l->day_ns + m.seconds * MT_SECOND_NS, false);
}

static void use_line(struct log *l, const struct mt_wrapped_line *line)
{
    struct mt_span text = mt_span_trim(line->text);
    struct moment moment;
    struct header header;
    if (!text.size)
        return;
    if (parse_banner(text, &l->day_ns)) {
        l->header.n = 0;
        l->last = -1;
    } else if (parse_header(text, &header)) {
        l->header = header;
    } else if (take_moment(&text, &moment)) {
        struct mt_span word, rest = text;
        uint64_t id; /* the user's stands first; letters are the titles of a table of others */
        if (mt_span_word(&rest, &word) && !mt_span_u64(word, &id))
            l->header.n = 0;
        if (!l->header.n || line->unended)
            return;
        if (parse_row(&l->header, text, &l->r)) {
            use_moment(l, moment);
            mt_recorder_commit(&l->r);
        } else {
            l->r.out->skipped++;
            mt_recorder_drop(&l->r);
        }
    } /* else "Average:", or another program's */
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct log *l = MT_NEW(out->arena, struct log);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    size_t first = out->n_tables;
    l->day_ns = MT_NO_TIME;
    l->last = -1;
    mt_recorder_begin(&l->r, out, "pidstat");
    mt_wrapped_begin(&w, in, out->arena);
    while (mt_wrapped_next(&w, &line))
        use_line(l, &line);
    mt_recorder_finish(&l->r);
    mt_keep_largest(out, first, MT_M_RSS);
    return mt_cur_ok(in);
}

/* A header with sizes and a row of it. */
static enum mt_match sniff(struct mt_span head)
{
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    struct mt_recorder r;
    struct header header = {.n = 0};
    size_t others = 0;
    mt_recorder_begin(&r, NULL, "");
    mt_wrapped_begin(&w, &in, NULL);
    for (size_t n = 0; n < SNIFF_LINES && mt_wrapped_next(&w, &line); n++) {
        struct mt_span text = mt_span_trim(line.text), row = text;
        struct moment moment;
        int64_t day_ns;
        if (header.n && take_moment(&row, &moment)) {
            bool fits = parse_row(&header, row, &r) && mt_recorder_has(&r, MT_M_RSS);
            mt_recorder_drop(&r);
            if (fits)
                return others ? MT_LIKELY : MT_CERTAIN;
        }
        if (!parse_header(text, &header))
            others += text.size && !parse_banner(text, &day_ns);
    }
    return MT_NO;
}

const struct mt_reader mt_reader_pidstat = {
    .name = "pidstat",
    .kind = "process memory log",
    .summary = "Tables of pidstat -r (sysstat) of one process or all",
    .example = "20:26:17      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command",
    .how = "S_TIME_FORMAT=ISO pidstat -r -h -p $PID 5 >pidstat.txt",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
