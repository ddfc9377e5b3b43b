/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/jvm_gc/zgc.h"

enum { HEAP, YOUNG, OLD };
enum { MARK_START, MARK_END, RELOCATE_START, RELOCATE_END, COLUMNS };

/* "54M (56%)   58M (60%) ...": percentages are passed over, "-" is absent. */
static bool take_columns(struct mt_span text, uint64_t columns[COLUMNS])
{
    size_t n = 0;
    for (struct mt_span word; n < COLUMNS && mt_span_word(&text, &word);) {
        if (mt_span_starts(word, "("))
            continue;
        columns[n] = MT_NO_BYTES;
        if (!mt_span_is(word, "-") && !mt_jvm_take_size(&word, &columns[n]))
            return false;
        n++;
    }
    return n == COLUMNS;
}

static void used(struct mt_gc_cycle *c, uint8_t section, char generation, const uint64_t *columns)
{
    if (section == YOUNG) {
        c->young_before_bytes = columns[MARK_START];
        c->young_after_bytes = columns[RELOCATE_END];
    } else if (section == OLD) {
        c->old_before_bytes = columns[MARK_START];
        if (c->old_after_bytes == MT_NO_BYTES)
            c->old_after_bytes = columns[RELOCATE_END];
    } else if (generation == 'y' || !generation) {
        /* in a major collection the heap's table stands twice, and the last line sums it up */
        c->heap_start_bytes = columns[MARK_START];
        c->heap_live_bytes = columns[RELOCATE_END];
    }
}

void mt_jvm_zgc_row(struct mt_gc_cycle *cycle, uint8_t *section, char generation,
                    struct mt_span text)
{
    uint64_t columns[COLUMNS];
    if (mt_span_is(text, "Heap Statistics:"))
        *section = HEAP;
    else if (mt_span_is(text, "Young Generation Statistics:"))
        *section = YOUNG;
    else if (mt_span_is(text, "Old Generation Statistics:"))
        *section = OLD;
    else if (mt_span_take(&text, "Used:") && take_columns(text, columns))
        used(cycle, *section, generation, columns);
    else if (mt_span_take(&text, "Capacity:") && take_columns(text, columns))
        cycle->heap_total_bytes = columns[RELOCATE_END];
    else if (mt_span_take(&text, "Promoted:") && take_columns(text, columns))
        cycle->promoted_bytes = columns[RELOCATE_END];
    else if (mt_span_take(&text, "Live:") && take_columns(text, columns) &&
             (*section == OLD || (*section == HEAP && !generation)))
        /* what marking found alive says more than what is in use, garbage and all */
        cycle->old_after_bytes = columns[RELOCATE_END];
}
