/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/model/capture.h"

#include <math.h>

enum { ROWS = 600000 };

static const struct {
    enum mt_metric metric;
    size_t from, every; /* the first row that has it, and each how many */
} kept[] = {{MT_M_HEAP_ALLOC, 0, 1},
            {MT_M_RSS, 100, 3},
            {MT_M_NUM_GC, 70000, 2},
            {MT_M_GOROUTINES, 300000, 1},
            {MT_M_STACK_INUSE, ROWS - 1, 1}};
enum { COLUMNS = sizeof kept / sizeof *kept };

static bool has(size_t column, size_t row)
{
    return row >= kept[column].from && (row - kept[column].from) % kept[column].every == 0;
}

/* Few rows and many: columns move, some begin when there are many rows already. */
static void a_long_table_keeps_every_value_and_every_gap(void **state)
{
    (void)state;
    struct mt_arena arena = {0};
    struct mt_strings strings;
    struct mt_capture capture;
    mt_strings_init(&strings, &arena);
    mt_capture_init(&capture, &arena, &strings);
    struct mt_table *t = mt_capture_add_table(&capture, "memstats");
    for (size_t row = 0; row < ROWS; row++) {
        mt_table_row(&arena, t, (int64_t)row);
        for (size_t c = 0; c < COLUMNS; c++)
            if (has(c, row))
                mt_table_set(&arena, t, kept[c].metric, (double)(row * COLUMNS + c));
        if (row == 5)
            mt_table_since_start(&arena, t, 7);
    }
    assert_int_equal(t->n_rows, ROWS);
    assert_int_equal(t->n_used, COLUMNS);
    assert_null(t->columns[MT_M_SYS]);
    for (size_t row = 0; row < ROWS; row++) {
        bool good = t->time_ns[row] == (int64_t)row &&
                    t->since_start_ns[row] == (row == 5 ? 7 : MT_NO_TIME);
        for (size_t c = 0; c < COLUMNS && good; c++) {
            double value = t->columns[kept[c].metric][row];
            good = has(c, row) ? value == (double)(row * COLUMNS + c) : isnan(value);
        }
        if (!good)
            fail_msg("row %zu is not what was set", row);
    }
    assert_true(mt_table_last(t, MT_M_STACK_INUSE) == (double)(ROWS - 1) * COLUMNS + 4);
    mt_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_table_keeps_every_value_and_every_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
