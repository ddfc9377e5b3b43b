/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of series readers only. Include parsers/formats/testing.h first. */
#ifndef MT_FORMATS_METRICS_TESTING_H
#define MT_FORMATS_METRICS_TESTING_H

#include <math.h>

/* A value of a table, or -1 for a gap. */
static inline double mt_testing_cell(const struct mt_testing *t, size_t table,
                                     enum mt_metric metric, size_t row)
{
    assert_true(table < t->capture.n_tables);
    const struct mt_table *tab = &t->capture.tables[table];
    assert_true(row < tab->n_rows);
    return tab->columns[metric] && !isnan(tab->columns[metric][row]) ? tab->columns[metric][row]
                                                                     : -1;
}

static inline void mt_testing_same(double got, double expected)
{
    if (fabs(got - expected) > fabs(expected) * 1e-15)
        fail_msg("got %.17g instead of %.17g", got, expected);
}

#define mt_testing_is(t, table, metric, row, expected)                                             \
    mt_testing_same(mt_testing_cell((t), (table), (metric), (row)), (expected))

/* Tables and rows of what was read whole and without loss. */
static inline void mt_testing_rows(const struct mt_testing *t, size_t n_tables, size_t rows,
                                   uint64_t skipped)
{
    assert_true(t->ok);
    size_t n = 0;
    for (size_t i = 0; i < t->capture.n_tables; i++)
        n += t->capture.tables[i].n_rows;
    assert_int_equal(t->capture.n_tables, n_tables);
    assert_int_equal(n, rows);
    assert_int_equal(t->capture.records, rows);
    assert_int_equal(t->capture.skipped, skipped);
    struct mt_err err = {0};
    if (!mt_capture_check(&t->capture, &err))
        fail_msg("%s", err.what);
}

static inline bool mt_testing_remarks(const struct mt_testing *t, const char *id)
{
    for (size_t i = 0; i < t->capture.n_remarks; i++)
        if (strcmp(t->capture.remarks[i].id, id) == 0)
            return true;
    return false;
}

/* Two records of one process with a line of 200 KB, one of zeros and one that is no text between
 * them: both are read, and nothing else. */
static inline void mt_testing_rubbish_between(struct mt_testing *t, const struct mt_reader *reader,
                                              const char *first, const char *second,
                                              enum mt_metric metric, double last)
{
    enum { LONG = 200000 };
    static const char zeros[64];
    struct mt_text text = {0};
    mt_text_add(&text, first);
    for (size_t i = 0; i < LONG; i++)
        mt_text_byte(&text, "=: 1,{[\"x"[i * 7 % 9]);
    mt_text_add(&text, "\n");
    mt_text_span(&text, (struct mt_span){(const unsigned char *)zeros, sizeof zeros});
    mt_text_add(&text, "\n\xff\xfe\xc3\x28\x1b[2J\n");
    mt_text_add(&text, second);
    mt_testing_read(t, reader, mt_text_view(&text));
    mt_text_clear(&text);
    assert_true(t->ok);
    assert_int_equal(t->capture.records, 2);
    assert_int_equal(t->capture.n_tables, 1);
    mt_testing_is(t, 0, metric, 1, last);
    struct mt_err err = {0};
    assert_true(mt_capture_check(&t->capture, &err));
}

static inline enum mt_match mt_testing_sniff(const struct mt_reader *reader, const char *text)
{
    return reader->sniff(mt_span_of(text));
}

#endif
