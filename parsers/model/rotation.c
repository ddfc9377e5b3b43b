/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/rotation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool mt_rotation_of(struct mt_span path, struct mt_span *stem, uint64_t *turn)
{
    struct mt_span s = path;
    bool packed = mt_span_ends(s, ".gz");
    if (packed)
        s.size -= 3;
    *stem = s;
    *turn = 0;
    size_t dot = mt_span_find_last_byte(s, '.');
    if (dot == MT_NPOS || dot == 0)
        return packed;
    struct mt_span tail = mt_span_from(s, dot + 1);
    if (!mt_span_is(tail, "old") && !mt_span_u64(tail, turn))
        return packed;
    if (mt_span_is(tail, "old"))
        *turn = 1;
    *stem = mt_span_sub(s, 0, dot);
    return true;
}

struct piece {
    struct mt_input *input;
    struct mt_span stem;
    uint64_t turn;
};

static int by_stem_oldest_first(const void *left, const void *right)
{
    const struct piece *a = left, *b = right;
    int order = mt_span_compare(a->stem, b->stem);
    if (!order)
        order = strcmp(a->input->format, b->input->format);
    if (!order)
        order = a->turn > b->turn ? -1 : a->turn < b->turn;
    return order ? order : strcmp(a->input->path, b->input->path);
}

static void append_table(struct mt_arena *arena, struct mt_table *to, const struct mt_table *from)
{
    for (size_t row = 0; row < from->n_rows; row++) {
        mt_table_row(arena, to, from->time_ns[row]);
        for (int m = 0; m < MT_METRIC_COUNT; m++)
            if (from->columns[m] && !isnan(from->columns[m][row]))
                mt_table_set(arena, to, (enum mt_metric)m, from->columns[m][row]);
    }
}

static void append_cycles(struct mt_arena *arena, struct mt_gc_log *to,
                          const struct mt_gc_log *from)
{
    for (size_t i = 0; i < from->n_cycles; i++) {
        MT_RESERVE(arena, to->cycles, to->n_cycles, to->cap_cycles);
        to->cycles[to->n_cycles++] = from->cycles[i];
    }
    to->missing_numbers += from->missing_numbers;
}

/* Only single-process pieces are joined: of several it is not known which goes with which. */
static void join(struct mt_bundle *b, struct piece *pieces, size_t n)
{
    struct mt_capture *live = pieces[n - 1].input->capture;
    struct mt_table whole = {0};
    struct mt_gc_log log = {0};
    for (size_t i = 0; i < n; i++) {
        struct mt_capture *c = pieces[i].input->capture;
        if (c->n_tables == 1) {
            if (!whole.source)
                whole =
                    (struct mt_table){.source = c->tables[0].source, .clock = c->tables[0].clock};
            append_table(b->arena, &whole, &c->tables[0]);
        }
        if (c->n_gc_logs == 1) {
            if (!log.source) {
                log = c->gc_logs[0];
                log.cycles = NULL;
                log.n_cycles = log.cap_cycles = 0;
                log.missing_numbers = 0;
            }
            append_cycles(b->arena, &log, &c->gc_logs[0]);
        }
        if (i + 1 < n)
            c->n_tables = c->n_gc_logs = 0;
    }
    if (whole.source)
        *(live->n_tables ? &live->tables[0] : mt_capture_add_table(live, whole.source)) = whole;
    if (log.source)
        *(live->n_gc_logs ? &live->gc_logs[0] : mt_capture_add_gc_log(live, log.source)) = log;
    mt_bundle_quality(
        b, pieces[n - 1].input, false, "rotated-log",
        mt_arena_printf(b->arena, "%zu pieces of one rotated log were joined, oldest first.", n));
}

static bool joinable(const struct mt_input *input)
{
    const struct mt_capture *c = input->capture;
    return c && !c->n_profiles && !c->trace && c->n_tables <= 1 && c->n_gc_logs <= 1 &&
           (c->n_tables || c->n_gc_logs);
}

void mt_join_rotated(struct mt_bundle *b)
{
    struct piece *pieces = MT_NEW_N(b->arena, struct piece, b->n_inputs + 1);
    size_t n = 0;
    for (size_t i = 0; i < b->n_inputs; i++) {
        if (!joinable(&b->inputs[i]))
            continue;
        pieces[n].input = &b->inputs[i];
        mt_rotation_of(mt_span_of(b->inputs[i].path), &pieces[n].stem, &pieces[n].turn);
        n++;
    }
    if (n < 2)
        return;
    qsort(pieces, n, sizeof *pieces, by_stem_oldest_first);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && mt_span_equal(pieces[from].stem, pieces[to].stem) &&
                            strcmp(pieces[from].input->format, pieces[to].input->format) == 0;
             to++)
            ;
        if (to - from > 1)
            join(b, pieces + from, to - from);
    }
}
