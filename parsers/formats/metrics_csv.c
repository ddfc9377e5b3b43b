/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of metrics with a header line:
 *
 *     timestamp,heap_alloc,heap_inuse,num_gc,goroutines
 *     2026-11-22T19:20:25.513Z,2823568,3522560,0,13
 *
 * Comma, semicolon, tab, bar or blanks separate; the header says what a column is. Columns of one
 * row may be of several processes, named by labels, as Grafana saves a panel:
 *
 *     "Time","go_goroutines{instance=""a"", job=""shop""}","go_goroutines{instance=""b"", ...}"
 */
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/metrics/recorder.h"
#include "parsers/formats/metrics/scraped.h"
#include "parsers/formats/reader.h"

#include <string.h>

enum { MOST_COLUMNS = 256, MOST_CELL = 64, EXACT_DIGITS = 18, SNIFF_LINES = 40 };

enum column_kind { COLUMN_OTHER, COLUMN_METRIC, COLUMN_TIME, COLUMN_PID, COLUMN_ORIGIN };

struct column {
    enum column_kind kind;
    uint16_t target; /* number of the process, by labels; 0: they name none */
    struct mt_metric_name metric;
};

struct target {
    unsigned char name[MOST_CELL];
    size_t size;
};

struct header {
    struct column columns[MOST_COLUMNS];
    size_t n;
    struct target targets[MOST_COLUMNS + 1]; /* the first is that without a name */
    size_t n_targets;                        /* 0: no column has labels */
    uint16_t by_target[MOST_COLUMNS];        /* columns, those of one target together */
    unsigned char separator;                 /* ' ': runs of blanks */
    unsigned strength;
};

/* -- cells -------------------------------------------------------------------------------- */

/* The next cell without its quotes and outer blanks; doubled quotes inside stay doubled. */
static bool take_cell(struct mt_span *rest, unsigned char separator, bool *more,
                      struct mt_span *cell)
{
    if (separator == ' ')
        return mt_span_word(rest, cell);
    if (!*more)
        return false;
    struct mt_span s = mt_span_trim(*rest);
    if (mt_span_starts(s, "\"")) {
        size_t end = 1;
        while (end < s.size && (s.data[end] != '"' || (end + 1 < s.size && s.data[end + 1] == '"')))
            end += s.data[end] == '"' ? 2 : 1;
        *cell = mt_span_sub(s, 1, end > s.size ? s.size - 1 : end - 1);
        *rest = mt_span_from(s, end + 1);
        size_t next = mt_span_find_byte(*rest, separator);
        *more = next != MT_NPOS;
        *rest = mt_span_from(*rest, *more ? next + 1 : rest->size);
        return true;
    }
    size_t next = mt_span_find_byte(*rest, separator);
    *cell = mt_span_trim(mt_span_sub(*rest, 0, next));
    *more = next != MT_NPOS;
    *rest = mt_span_from(*rest, *more ? next + 1 : rest->size);
    return true;
}

/* -- header ------------------------------------------------------------------------------- */

static size_t count_byte(struct mt_span s, unsigned char byte)
{
    size_t n = 0;
    for (size_t i = 0; i < s.size; i++)
        n += s.data[i] == byte;
    return n;
}

static unsigned char separator_of(struct mt_span line)
{
    static const unsigned char candidates[] = {',', ';', '\t', '|'};
    unsigned char best = ' ';
    size_t most = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        size_t n = count_byte(line, candidates[i]);
        if (n > most) {
            most = n;
            best = candidates[i];
        }
    }
    return best;
}

static struct column column_of(struct mt_span name)
{
    struct column c = {.kind = COLUMN_OTHER};
    if (mt_name_is_time(name))
        c.kind = COLUMN_TIME;
    else if (mt_name_is_pid(name))
        c.kind = COLUMN_PID;
    else if (mt_name_is_origin(name))
        c.kind = COLUMN_ORIGIN;
    else if (mt_metric_of_name(name, &c.metric))
        c.kind = COLUMN_METRIC;
    return c;
}

/* instance=""127.0.0.1:18080"", as a quoted cell has it, or with single quotes. */
static struct mt_span label_value(struct mt_span labels, const char *name)
{
    struct mt_span part;
    while (mt_span_split(&labels, ',', &part)) {
        part = mt_span_trim(part);
        if (!mt_span_take(&part, name) || !mt_span_take(&part, "="))
            continue;
        while (mt_span_take(&part, "\""))
            ;
        return mt_span_sub(part, 0, mt_span_find_byte(part, '"'));
    }
    return (struct mt_span){0};
}

/* The process that the labels behind a column's name tell. */
static uint16_t target_of(struct header *h, struct mt_span cell)
{
    size_t brace = mt_span_find_byte(cell, '{'), end = mt_span_find_last_byte(cell, '}');
    struct mt_span labels = {0}, value = {0};
    if (brace != MT_NPOS && end != MT_NPOS && end > brace)
        labels = mt_span_sub(cell, brace + 1, end - brace - 1);
    for (const char *const *name = mt_scraped_target_labels; *name && !value.size; name++)
        value = label_value(labels, *name);
    if (!value.size || value.size > MOST_CELL)
        return 0;
    if (!h->n_targets)
        h->n_targets = 1;
    size_t i = 1;
    while (i < h->n_targets &&
           !mt_span_equal(value, (struct mt_span){h->targets[i].name, h->targets[i].size}))
        i++;
    if (i == h->n_targets) { /* there are no more than columns */
        memcpy(h->targets[i].name, value.data, value.size);
        h->targets[i].size = value.size;
        h->n_targets++;
    }
    return (uint16_t)i;
}

static void order_by_target(struct header *h)
{
    size_t n = 0;
    for (size_t target = 0; target < h->n_targets; target++)
        for (size_t i = 0; i < h->n; i++)
            if (h->columns[i].target == target)
                h->by_target[n++] = (uint16_t)i;
}

/* A line that names columns, two of ours at least (one may be the time). Of columns that only
 * blanks separate each must be known, for any sentence has words. */
static bool parse_header(struct mt_span line, struct header *h)
{
    mt_span_take(&line, "\xef\xbb\xbf");
    if (mt_span_take(&line, "#"))
        line = mt_span_trim(line);
    h->separator = separator_of(line);
    h->n = h->n_targets = 0;
    h->strength = 0;
    size_t known = 0;
    bool more = true;
    struct mt_span cell;
    while (h->n < MOST_COLUMNS && take_cell(&line, h->separator, &more, &cell)) {
        if (mt_span_find_byte(mt_span_sub(cell, 0, MOST_CELL + 1), '{') == MT_NPOS &&
            cell.size > MOST_CELL)
            return false;
        struct column *c = &h->columns[h->n++];
        *c = column_of(cell);
        if (c->kind == COLUMN_METRIC)
            c->target = target_of(h, cell);
        known += c->kind != COLUMN_OTHER;
        if (c->kind == COLUMN_METRIC)
            h->strength += c->metric.strength;
    }
    order_by_target(h);
    return h->strength >= MT_RECORD_STRENGTH && known >= 2 &&
           (h->separator != ' ' || known == h->n);
}

/* -- rows --------------------------------------------------------------------------------- */

static bool parse_time(struct mt_span text, int64_t *time_ns, bool *zone_known)
{
    struct mt_span rest = text;
    double number;
    if (mt_stamp_take(&rest, time_ns, zone_known) && !rest.size)
        return true;
    *zone_known = true;
    return mt_span_f64(text, &number) && mt_stamp_from_number(number, time_ns);
}

/* Where semicolons separate, a comma is the decimal point and points group thousands. */
static struct mt_span without_locale(struct mt_span cell, unsigned char separator,
                                     unsigned char *to)
{
    if (separator != ';' || cell.size > MOST_CELL || mt_span_find_byte(cell, ',') == MT_NPOS)
        return cell;
    size_t size = 0;
    for (size_t i = 0; i < cell.size; i++)
        if (cell.data[i] != '.')
            to[size++] = cell.data[i] == ',' ? '.' : cell.data[i];
    return (struct mt_span){to, size};
}

static bool is_gap(struct mt_span cell)
{
    static const char *const words[] = {"", "-", "NaN", "nan", "null", "NULL", "N/A", "n/a"};
    if (cell.size && cell.data[0] >= '0' && cell.data[0] <= '9')
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (mt_span_is(cell, words[i]))
            return true;
    return false;
}

struct row {
    const struct header *header;
    struct mt_recorder *r;
    struct mt_span date; /* a time cell that was none by itself: "2026-11-22" before "19:04:21" */
    bool has_time;
};

static void use_time(struct row *row, struct mt_span cell)
{
    int64_t time_ns;
    bool zone_known;
    if (row->has_time || !cell.size)
        return;
    row->has_time = parse_time(cell, &time_ns, &zone_known);
    if (!row->has_time && row->date.size && row->date.size + cell.size < MOST_CELL) {
        unsigned char joined[MOST_CELL + 1];
        memcpy(joined, row->date.data, row->date.size);
        joined[row->date.size] = ' ';
        memcpy(joined + row->date.size + 1, cell.data, cell.size);
        struct mt_span both = {joined, row->date.size + 1 + cell.size};
        row->has_time = parse_time(both, &time_ns, &zone_known);
    }
    if (row->has_time)
        mt_recorder_time(row->r, time_ns, zone_known);
    else
        row->date = cell;
}

/* False: the cell of a metric or a process is neither a number nor a gap. */
static bool use_cell(struct row *row, const struct column *column, struct mt_span cell)
{
    unsigned char plain[MOST_CELL];
    uint64_t pid;
    switch (column->kind) {
    case COLUMN_METRIC:
        cell = without_locale(cell, row->header->separator, plain);
        return is_gap(cell) || mt_recorder_text(row->r, &column->metric, cell);
    case COLUMN_TIME:
        use_time(row, cell);
        return true;
    case COLUMN_PID:
        if (!mt_span_u64(cell, &pid) || pid > UINT32_MAX)
            return false;
        row->r->pid = (uint32_t)pid;
        return true;
    case COLUMN_ORIGIN:
        if (!row->r->origin.size)
            row->r->origin = cell;
        return true;
    default:
        return true;
    }
}

/* A cell of digits alone, which most are. */
static bool take_whole(struct mt_span *rest, unsigned char separator, bool *more, uint64_t *whole)
{
    uint64_t value = 0;
    size_t at = 0;
    for (unsigned digit;
         at < rest->size && at < EXACT_DIGITS && (digit = rest->data[at] - (unsigned)'0') < 10;
         at++)
        value = value * 10 + digit;
    if (!at || (at < rest->size && rest->data[at] != separator))
        return false;
    *more = at < rest->size;
    *rest = mt_span_from(*rest, at + 1);
    *whole = value;
    return true;
}

/* False: the line is no row of this table. */
static bool parse_row(const struct header *h, struct mt_span line, struct mt_recorder *r)
{
    struct row row = {.header = h, .r = r};
    bool more = true;
    struct mt_span cell;
    size_t n = 0, extra = 0;
    uint64_t whole;
    for (; more && n < h->n && h->separator != ' '; n++) {
        const struct column *column = &h->columns[n];
        if (column->kind == COLUMN_METRIC && column->metric.plain &&
            take_whole(&line, h->separator, &more, &whole))
            mt_recorder_put(r, &column->metric, (double)whole);
        else if (!take_cell(&line, h->separator, &more, &cell) || !use_cell(&row, column, cell))
            return false;
    }
    while (take_cell(&line, h->separator, &more, &cell)) {
        if (h->separator == ' ' && n == 1 && row.date.size && !row.has_time && !extra) {
            extra = 1; /* the second half of "2026-11-22 19:04:21" */
            use_time(&row, cell);
            continue;
        }
        if (n < h->n && !use_cell(&row, &h->columns[n], cell))
            return false;
        if (n >= h->n && cell.size)
            return false;
        n++;
    }
    return n >= h->n;
}

/* A row with columns of several processes: a record for each. False: it is no row of this table;
 * what stands before the cell that is wrong is taken. */
static bool use_labelled_row(const struct header *h, struct mt_span line, struct mt_recorder *r)
{
    struct row row = {.header = h, .r = r};
    struct mt_span cells[MOST_COLUMNS];
    bool more = true;
    size_t n = 0;
    while (n < h->n && take_cell(&line, h->separator, &more, &cells[n]))
        n++;
    if (n < h->n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (h->columns[i].kind == COLUMN_TIME)
            use_time(&row, cells[i]);
    const int64_t time_ns = r->time_ns;
    const bool zone_known = r->zone_known;
    for (size_t i = 0; i < n; i++) {
        const struct column *column = &h->columns[h->by_target[i]];
        if (column->kind == COLUMN_METRIC && !use_cell(&row, column, cells[h->by_target[i]]))
            return false;
        if (i + 1 < n && h->columns[h->by_target[i + 1]].target == column->target)
            continue;
        const struct target *target = &h->targets[column->target];
        mt_recorder_time(r, time_ns, zone_known);
        r->origin = (struct mt_span){target->name, target->size};
        mt_recorder_commit(r);
    }
    return true;
}

struct table {
    struct header *header, *spare; /* a process that was restarted writes its header again */
    struct mt_recorder r;
};

static void use_line(struct table *t, const struct mt_wrapped_line *line)
{
    struct header *h = t->header;
    struct mt_recorder *r = &t->r;
    struct mt_span text = mt_span_trim(line->text);
    if (!text.size)
        return;
    if (line->time_ns != MT_NO_TIME)
        mt_recorder_time(r, line->time_ns, line->zone_known);
    struct mt_span row = line->text;
    if (line->unended && h->separator) { /* its last number may lack digits: it becomes a gap */
        size_t last = mt_span_find_last_byte(row, h->separator);
        row = mt_span_sub(row, 0, last == MT_NPOS ? 0 : last + 1);
    }
    if (h->n_targets && use_labelled_row(h, row, r))
        return;
    if (h->n && !h->n_targets && parse_row(h, row, r)) {
        mt_recorder_commit(r);
        return;
    }
    mt_recorder_drop(r);
    if (parse_header(text, t->spare)) {
        t->header = t->spare;
        t->spare = h;
    } else if (h->n && !mt_span_starts(text, "#")) {
        r->out->skipped++;
    }
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct table *t = MT_NEW(out->arena, struct table);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    t->header = MT_NEW(out->arena, struct header);
    t->spare = MT_NEW(out->arena, struct header);
    mt_recorder_begin(&t->r, out, "metrics-csv");
    mt_wrapped_begin(&w, in, out->arena);
    while (mt_wrapped_next(&w, &line))
        use_line(t, &line);
    mt_recorder_finish(&t->r);
    return mt_cur_ok(in);
}

static enum mt_match sniff(struct mt_span head)
{
    struct header h = {.n = 0};
    struct mt_recorder r;
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    mt_recorder_begin(&r, NULL, "");
    mt_wrapped_begin(&w, &in, NULL);
    for (size_t n = 0; n < SNIFF_LINES && mt_wrapped_next(&w, &line); n++) {
        struct mt_span text = mt_span_trim(line.text);
        if (!text.size)
            continue;
        if (!h.n) {
            if (!parse_header(text, &h))
                h.n = 0;
        } else {
            return parse_row(&h, line.text, &r) && r.n_set ? MT_CERTAIN : MT_NO;
        }
    }
    return h.n ? MT_LIKELY : MT_NO;
}

const struct mt_reader mt_reader_metrics_csv = {
    .name = "metrics-csv",
    .kind = "metrics",
    .summary = "CSV with columns of runtime.MemStats or of process memory, named in a header line",
    .example = "timestamp,heap_alloc,heap_inuse,num_gc,goroutines",
    .how = "write a header and a line of runtime.MemStats with time.Now() every few seconds",
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
