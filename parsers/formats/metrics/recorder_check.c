/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/recorder_check.h"

#include "parsers/formats/metrics/unmix.h"

#include <math.h>

/* -- counters that go back ---------------------------------------------------------------- */

struct fall {
    size_t count, first_row;
    double before, after; /* at the first */
};

static struct fall falls_of(const struct mt_table *t, enum mt_metric metric)
{
    const double *column = t->columns[metric];
    struct fall fall = {0};
    double last = NAN;
    for (size_t i = 0; column && i < t->n_rows; i++) {
        if (isnan(column[i]))
            continue;
        if (column[i] < last) {
            if (!fall.count++) {
                fall.first_row = i;
                fall.before = last;
                fall.after = column[i];
            }
        }
        last = column[i];
    }
    return fall;
}

/* More than that, and a tenth of all records: no process is restarted so often. */
enum { MOST_RESTARTS = 3 };

static void remark_falls(struct mt_capture *c, size_t table, const char *name,
                         const struct fall *fall)
{
    size_t n_rows = c->tables[table].n_rows;
    bool often = fall->count > MOST_RESTARTS && fall->count * 10 > n_rows;
    size_t processes = often ? mt_unmix(c, table) : 1;
    if (processes > 1)
        mt_capture_remark(c, true, "mixed-processes",
                          "Records of %zu processes stand among each other; they are told apart by "
                          "%s and other counters, which only grow",
                          processes, name);
    else if (often)
        mt_capture_remark(
            c, true, "mixed-processes",
            "%s goes back %zu times in %zu records: the process is restarted over and "
            "over, or records of several stand among each other",
            name, fall->count, n_rows);
    else
        mt_capture_remark(c, false, "restart",
                          "The process was restarted: %s goes back from %.0f to %.0f at record "
                          "%zu%s",
                          name, fall->before, fall->after, fall->first_row + 1,
                          fall->count > 1 ? " and again later" : "");
}

static void check_counters(struct mt_capture *c, size_t table)
{
    /* in the order of how well they are known */
    static const enum mt_metric counters[] = {MT_M_NUM_GC,      MT_M_TOTAL_ALLOC, MT_M_MALLOCS,
                                              MT_M_PAUSE_TOTAL, MT_M_FREES,       MT_M_CPU_SECONDS};
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        struct fall fall = falls_of(&c->tables[table], counters[i]);
        if (!fall.count)
            continue;
        remark_falls(c, table, mt_metric_info(counters[i])->name, &fall);
        return;
    }
}

/* -- units -------------------------------------------------------------------------------- */

/* The kernel counts memory in pages of 4 KiB (or more), so a size in bytes is a multiple of 4096
 * and the same in KiB a multiple of 4. */
enum { PAGE_BYTES = 4096, PAGE_KIB = 4, FEWEST_VALUES = 4 };
static const double LARGEST_IN_MIB = 1 << 20;

struct sizes {
    size_t n;
    bool whole, pages_of_bytes, pages_of_kib;
    double largest;
};

static void add_sizes(struct sizes *s, const struct mt_table *t, enum mt_metric metric)
{
    const double *column = t->columns[metric];
    for (size_t i = 0; column && i < t->n_rows; i++) {
        if (isnan(column[i]))
            continue;
        s->n++;
        s->whole &= column[i] == floor(column[i]);
        s->pages_of_bytes &= fmod(column[i], PAGE_BYTES) == 0;
        s->pages_of_kib &= fmod(column[i], PAGE_KIB) == 0;
        s->largest = fmax(s->largest, column[i]);
    }
}

static void check_units(struct mt_capture *c, struct mt_table *t, const bool *unit_named)
{
    static const enum mt_metric metrics[] = {MT_M_RSS, MT_M_RSS_ANON, MT_M_VIRTUAL};
    struct sizes s = {.whole = true, .pages_of_bytes = true, .pages_of_kib = true};
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        if (!unit_named[metrics[i]])
            add_sizes(&s, t, metrics[i]);
    if (s.n < FEWEST_VALUES || s.pages_of_bytes)
        return;
    double scale = s.pages_of_kib ? 0x1p10 : !s.whole && s.largest < LARGEST_IN_MIB ? 0x1p20 : 1;
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
        double *column = unit_named[metrics[i]] ? NULL : t->columns[metrics[i]];
        for (size_t row = 0; column && row < t->n_rows; row++)
            column[row] *= scale;
    }
    if (scale > 1)
        mt_capture_remark(c, false, "unit-assumed",
                          "Process memory is written without a unit and taken as %s: %s",
                          s.pages_of_kib ? "KiB" : "MiB",
                          s.pages_of_kib ? "all values are multiples of 4, not of 4,096"
                                         : "the values are small and have fractions");
    else
        mt_capture_remark(c, false, "unit-assumed",
                          "Process memory is written without a unit and taken as bytes, though not "
                          "all values are multiples of a page");
}

void mt_recorder_check_table(struct mt_capture *c, size_t table, const bool *unit_named)
{
    check_units(c, &c->tables[table], unit_named);
    check_counters(c, table);
}
