/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /proc/PID/status and /proc/PID/smaps_rollup, read again and again, whole or only some lines:
 *
 *     2026-11-22T19:04:21Z
 *     Name:   shop                       /proc/71/status:VmRSS:    37656 kB    (grep of several)
 *     Pid:    71
 *     VmRSS:     37656 kB
 *     Threads:        9
 */
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/metrics/block.h"
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/reader.h"

#include <stdio.h>

enum { LONGEST_VALUE = 64 };

enum figure {
    FIGURE_NAME,
    FIGURE_PID,
    FIGURE_METRIC /* and on, one a row of the table below */
};

static const struct {
    const char *name;
    struct mt_metric_name metric;
    bool in_kib;
} figures[] = {
    {"VmRSS", {MT_M_RSS, 1024, true, true, MT_NAME_STRONG}, true},
    {"RssAnon", {MT_M_RSS_ANON, 1024, true, true, MT_NAME_STRONG}, true},
    {"VmSize", {MT_M_VIRTUAL, 1024, true, true, MT_NAME_STRONG}, true},
    {"Threads", {MT_M_THREADS, 1, false, true, MT_NAME_WEAK}, false},
    {"Rss", {MT_M_RSS, 1024, true, true, MT_NAME_STRONG}, true},            /* smaps_rollup */
    {"Anonymous", {MT_M_RSS_ANON, 1024, true, true, MT_NAME_STRONG}, true}, /* likewise */
};
enum { FIGURES = sizeof figures / sizeof *figures };

struct field {
    struct mt_span path, name, value;
};

/* "VmRSS:\t   37656 kB", or the same behind "/proc/71/status:". */
static bool take_field(struct mt_span line, struct field *f)
{
    *f = (struct field){0};
    struct mt_span rest = line;
    size_t colon = mt_span_find_byte(rest, ':');
    if (mt_span_find_byte(mt_span_sub(rest, 0, colon), '/') != MT_NPOS && colon != MT_NPOS) {
        f->path = mt_span_sub(rest, 0, colon);
        rest = mt_span_from(rest, colon + 1);
        colon = mt_span_find_byte(rest, ':');
    }
    if (colon == MT_NPOS || colon == 0 || colon + 1 >= rest.size)
        return false;
    f->name = mt_span_sub(rest, 0, colon);
    rest = mt_span_from(rest, colon + 1);
    if (rest.data[0] != '\t' && rest.data[0] != ' ')
        return false;
    f->value = mt_span_trim(rest);
    return true;
}

/* The number of the figure, FIGURES when it is none. Only what the kernel prints: memory in kB. */
static size_t figure_of(const struct field *f, uint64_t *value)
{
    for (size_t i = 0; i < FIGURES; i++) {
        struct mt_span rest = f->value;
        if (!mt_span_is(f->name, figures[i].name) || !mt_span_take_u64(&rest, value))
            continue;
        if (figures[i].in_kib ? mt_span_is(rest, " kB") : !rest.size)
            return i;
    }
    return FIGURES;
}

/* "/proc/71/status" */
static bool pid_of_path(struct mt_span path, uint32_t *pid)
{
    size_t at = mt_span_find(path, "proc/");
    uint64_t number;
    struct mt_span rest = mt_span_from(path, at == MT_NPOS ? path.size : at + 5);
    if (!mt_span_take_u64(&rest, &number) || number > UINT32_MAX || !mt_span_starts(rest, "/"))
        return false;
    *pid = (uint32_t)number;
    return true;
}

struct log {
    struct mt_block block;
    uint32_t pid;  /* of the block at hand */
    bool mappings; /* it is a whole smaps: the figures of all mappings add up */
    uint64_t address;
    struct mt_span name;
    unsigned char name_bytes[64];
    uint64_t first_end, end; /* where the mappings of a rollup end: it names no process otherwise */
    char end_name[40];       /* of another process than the first */
};

/* A block is about to end: whose it is. */
static void name_process(struct log *l)
{
    l->block.r.pid = l->pid;
    l->block.r.origin = l->name;
    if (!l->pid && !l->name.size && l->end != l->first_end)
        l->block.r.origin = mt_span_of(l->end_name);
}

static void end_block(struct log *l, bool same_time)
{
    name_process(l);
    mt_block_end(&l->block, same_time);
    l->name = (struct mt_span){0};
    l->mappings = false;
}

static void use_rollup(struct log *l, uint64_t end)
{
    if (l->pid || end == l->end)
        return;
    end_block(l, true);
    if (!l->first_end)
        l->first_end = end;
    l->end = end;
    snprintf(l->end_name, sizeof l->end_name, "mappings up to %llx", (unsigned long long)end);
}

/* "55d0f2a00000-55d0f2a21000 rw-p ...": smaps goes on with its next mapping, or begins anew. */
static bool use_mapping(struct log *l, struct mt_span line)
{
    uint64_t address, end;
    if (!mt_span_take_hex(&line, &address) || !mt_span_take(&line, "-") ||
        !mt_span_take_hex(&line, &end) || !mt_span_starts(line, " "))
        return false;
    if (mt_span_find(line, "[rollup]") != MT_NPOS) {
        use_rollup(l, end);
        return true;
    }
    if (l->mappings && address < l->address)
        end_block(l, false);
    l->mappings = true;
    l->address = address;
    return true;
}

/* Another process or another moment begins; only of another process may the time be the same. */
static void begin_figure(struct log *l, unsigned number, bool first_of_process)
{
    if (l->block.seen >> number & 1)
        end_block(l, first_of_process);
    mt_block_figure(&l->block, number);
}

static void use_path(struct log *l, struct mt_span path)
{
    uint32_t pid;
    if (!path.size || !pid_of_path(path, &pid) || pid == l->pid)
        return;
    if (l->pid)
        end_block(l, true);
    l->pid = pid;
}

static void use_field(struct log *l, const struct field *f)
{
    uint64_t value;
    use_path(l, f->path);
    if (mt_span_is(f->name, "Name")) {
        begin_figure(l, FIGURE_NAME, true);
        size_t size = 0;
        for (; size < f->value.size && size < sizeof l->name_bytes; size++)
            l->name_bytes[size] = f->value.data[size];
        l->name = (struct mt_span){l->name_bytes, size};
        return;
    }
    if (mt_span_is(f->name, "Pid")) {
        if (!mt_span_u64(f->value, &value) || value > UINT32_MAX)
            return;
        begin_figure(l, FIGURE_PID, true);
        l->pid = (uint32_t)value;
        return;
    }
    size_t i = figure_of(f, &value);
    if (i == FIGURES) {
        l->block.r.out->skipped += mt_span_is(f->name, "VmRSS");
        return;
    }
    enum mt_metric metric = figures[i].metric.metric;
    if (l->mappings && mt_recorder_has(&l->block.r, metric)) {
        mt_recorder_set(&l->block.r, metric, l->block.r.values[metric] + (double)value * 1024);
        return;
    }
    begin_figure(l, FIGURE_METRIC + (unsigned)i, false);
    mt_recorder_number(&l->block.r, &figures[i].metric, (double)value);
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct log *l = MT_NEW(out->arena, struct log);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    struct field f;
    mt_block_begin(&l->block, out, "proc-memory");
    mt_wrapped_begin(&w, in, out->arena);
    while (mt_wrapped_next(&w, &line)) {
        if (take_field(line.text, &f)) {
            if (!line.unended)
                use_field(l, &f);
            continue;
        }
        if (use_mapping(l, line.text))
            continue;
        name_process(l);
        if (mt_block_time(&l->block, line.text)) {
            l->name = (struct mt_span){0};
            l->mappings = false;
        }
    }
    end_block(l, false);
    mt_recorder_finish(&l->block.r);
    return mt_cur_ok(in);
}

static enum mt_line_is look(struct mt_span line)
{
    struct field f;
    uint64_t value;
    if (!take_field(line, &f)) /* a mapping of smaps is private */
        return mt_span_find(line, "-p ") != MT_NPOS ? MT_LINE_NEUTRAL : MT_LINE_STRANGE;
    size_t i = figure_of(&f, &value);
    if (i < FIGURES && figures[i].in_kib)
        return MT_LINE_FIGURE;
    return f.value.size > LONGEST_VALUE ? MT_LINE_STRANGE : MT_LINE_NEUTRAL;
}

static enum mt_match sniff(struct mt_span head)
{
    return mt_block_sniff(head, 1, look);
}

const struct mt_reader mt_reader_proc_memory = {
    .name = "proc-memory",
    .kind = "process memory log",
    .summary = "/proc/PID/status or smaps_rollup, read again and again, whole or single lines",
    .example = "VmRSS:     37656 kB\nRss:               37656 kB",
    .how = "while sleep 1; do date -u; cat /proc/$PID/status; done >status.log\n"
           "while sleep 1; do date -u; cat /proc/$PID/smaps_rollup; done >rollup.log",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
