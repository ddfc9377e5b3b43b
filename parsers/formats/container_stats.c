/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of `docker stats`, `podman stats` and `kubectl top pod`, one after the other:
 *
 *     Wed Nov 25 20:32:53 UTC 2026
 *     CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT    MEM %     NET I/O   BLOCK I/O   PIDS
 *     7ee3ab1b9ee3   leaky     3.28%     15.39MiB / 128MiB    12.03%    0B / 0B   0B / 0B     8
 *
 * Two blanks or more end a column. The time stands on a line of its own before a table.
 */
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/metrics/block.h"
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/metrics/largest.h"
#include "parsers/formats/reader.h"

#include <string.h>

enum { MOST_COLUMNS = 16, MOST_NAME = 256, SNIFF_LINES = 200 };

struct row {
    struct mt_span cells[MOST_COLUMNS];
    size_t n;
};

enum { NO_COLUMN = MOST_COLUMNS };

enum { NAME_PARTS = 3 };

struct header { /* places of columns, NO_COLUMN where there is none */
    size_t n;   /* 0: not inside a table */
    size_t name[NAME_PARTS], usage;
};

/* What a terminal needs to draw the table anew: "\x1b[2J", "\x1b[H" before a line, "\x1b[K" behind
 * it. */
static struct mt_span without_escapes(struct mt_span line)
{
    line = mt_span_trim(line);
    while (mt_span_starts(line, "\x1b[")) {
        size_t at = 2;
        while (at < line.size && ((line.data[at] >= '0' && line.data[at] <= '9') ||
                                  line.data[at] == ';' || line.data[at] == '?'))
            at++;
        line = mt_span_trim(mt_span_from(line, at + 1));
    }
    while (mt_span_ends(line, "\x1b[K"))
        line = mt_span_trim(mt_span_sub(line, 0, line.size - 3));
    return line;
}

/* False: there are more columns than any of these tables has. */
static bool split(struct mt_span line, struct row *row)
{
    row->n = 0;
    while (line.size) {
        if (row->n == MOST_COLUMNS)
            return false;
        size_t end = mt_span_find(line, "  ");
        row->cells[row->n++] = mt_span_trim(mt_span_sub(line, 0, end));
        line = mt_span_trim(mt_span_from(line, end == MT_NPOS ? line.size : end));
    }
    return true;
}

static size_t column(const struct row *titles, const char *title)
{
    for (size_t i = 0; i < titles->n; i++)
        if (mt_span_is(titles->cells[i], title))
            return i;
    return NO_COLUMN;
}

static bool parse_header(struct mt_span line, struct header *h)
{
    struct row titles;
    h->n = 0;
    if (!split(line, &titles) || titles.n < 3)
        return false;
    *h = (struct header){
        0,
        {column(&titles, "NAMESPACE"), column(&titles, "POD"), column(&titles, "NAME")},
        column(&titles, "MEM USAGE / LIMIT")};
    if (h->usage == NO_COLUMN && column(&titles, "CPU(cores)") != NO_COLUMN &&
        column(&titles, "MEMORY%") == NO_COLUMN) /* that of a node is of no service */
        h->usage = column(&titles, "MEMORY(bytes)");
    if (h->name[NAME_PARTS - 1] == NO_COLUMN) /* before there were names: the id */
        h->name[NAME_PARTS - 1] = 0;
    if (h->usage == NO_COLUMN || h->usage == 0)
        return false;
    h->n = titles.n;
    return true;
}

/* "15.39MiB", "76Mi", and in powers of 1000, as podman counts, "5.2MB". */
static bool take_size(struct mt_span *s, double *bytes)
{
    static const struct {
        const char *unit;
        double scale;
    } units[] = {{"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"TiB", 0x1p40}, {"Ki", 0x1p10},
                 {"Mi", 0x1p20},  {"Gi", 0x1p30},  {"Ti", 0x1p40},  {"kB", 1e3},     {"MB", 1e6},
                 {"GB", 1e9},     {"TB", 1e12},    {"B", 1}};
    double number;
    if (!mt_span_take_f64(s, &number))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!mt_span_take(s, units[i].unit))
            continue;
        *bytes = number * units[i].scale;
        return true;
    }
    return false;
}

struct listing {
    struct mt_block block;
    struct header header;
    unsigned char name[MOST_NAME];
};

/* False: the line is no row of this table. A container that does not run has no usage. */
static bool parse_row(const struct header *h, const struct row *row, struct mt_recorder *r)
{
    if (row->n != h->n)
        return false;
    struct mt_span cell = row->cells[h->usage];
    if (mt_span_is(cell, "-- / --") || mt_span_is(cell, "<unknown>"))
        return true;
    double usage, limit;
    if (!take_size(&cell, &usage))
        return false;
    bool limited = mt_span_take(&cell, " / ");
    if ((limited && !take_size(&cell, &limit)) || cell.size)
        return false;
    if (limited && usage <= 0 && limit <= 0)
        return true;
    mt_recorder_set(r, MT_M_CGROUP_CURRENT, usage);
    if (limited)
        mt_recorder_set(r, MT_M_CGROUP_LIMIT, limit);
    return true;
}

/* "namespace/pod/container", of what is told. */
static struct mt_span name_of(struct listing *l, const struct row *row)
{
    size_t size = 0;
    for (size_t i = 0; i < NAME_PARTS; i++) {
        if (l->header.name[i] == NO_COLUMN)
            continue;
        struct mt_span part = row->cells[l->header.name[i]];
        if (size + 1 + part.size > sizeof l->name)
            break;
        if (size)
            l->name[size++] = '/';
        memcpy(l->name + size, part.data, part.size);
        size += part.size;
    }
    return (struct mt_span){l->name, size};
}

static void use_line(struct listing *l, const struct mt_wrapped_line *line)
{
    struct mt_span text = without_escapes(line->text);
    struct header header;
    struct row row;
    if (mt_block_time(&l->block, text)) {
        l->header.n = 0;
        return;
    }
    if (parse_header(text, &header)) {
        if (l->header.n) /* a table without a time of its own */
            l->block.time_ns = MT_NO_TIME;
        l->header = header;
        return;
    }
    if (!l->header.n || !text.size)
        return;
    if (split(text, &row) && row.n == l->header.n && !line->unended) {
        if (parse_row(&l->header, &row, &l->block.r)) {
            l->block.r.origin = name_of(l, &row);
            mt_block_end(&l->block, true);
            return;
        }
        l->block.r.out->skipped++;
    }
    mt_recorder_drop(&l->block.r);
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct listing *l = MT_NEW(out->arena, struct listing);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    size_t first = out->n_tables;
    mt_block_begin(&l->block, out, "container-stats");
    mt_wrapped_begin(&w, in, out->arena);
    while (mt_wrapped_next(&w, &line))
        use_line(l, &line);
    mt_recorder_finish(&l->block.r);
    mt_keep_largest(out, first, MT_M_CGROUP_CURRENT);
    return mt_cur_ok(in);
}

/* A header and a row of it. */
static enum mt_match sniff(struct mt_span head)
{
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    struct mt_recorder r;
    struct header header = {.n = 0};
    struct row row;
    size_t others = 0;
    mt_recorder_begin(&r, NULL, "");
    mt_wrapped_begin(&w, &in, NULL);
    for (size_t n = 0; n < SNIFF_LINES && mt_wrapped_next(&w, &line); n++) {
        struct mt_span text = without_escapes(line.text);
        int64_t time_ns;
        bool zone_known;
        if (header.n && split(text, &row)) {
            bool fits = parse_row(&header, &row, &r);
            mt_recorder_drop(&r);
            if (fits)
                return others ? MT_LIKELY : MT_CERTAIN;
        }
        if (!parse_header(text, &header))
            others += text.size && !mt_stamp_alone(text, &time_ns, &zone_known);
    }
    return MT_NO;
}

const struct mt_reader mt_reader_container_stats = {
    .name = "container-stats",
    .kind = "container memory log",
    .summary = "Tables of docker stats, podman stats or kubectl top pod, one after the other, with "
               "the output of date between",
    .example = "CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT    MEM %     NET I/O   BLOCK "
               "I/O   PIDS\nNAME                    CPU(cores)   MEMORY(bytes)",
    .how = "while sleep 5; do date -u; docker stats --no-stream; done >stats.txt\n"
           "while sleep 15; do date -u; kubectl top pod --containers; done >top.txt",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
