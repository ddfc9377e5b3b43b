/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Futile wakeups, recorded by Go 1.5 to 1.10: a goroutine is woken, finds that another was faster
 * and blocks again. The record comes after the fact, and what it makes void (wakeup, start,
 * preemptions, the block) is spread over several Ps, so the merged stream is looked through once
 * before it is told.
 */
#ifndef MT_GOTRACE_V1_FUTILE_H
#define MT_GOTRACE_V1_FUTILE_H

#include "parsers/formats/gotrace/v1_merge.h"

struct mt_v1_futile {
    uint64_t *void_bits; /* by the number of the event in the merged stream; NULL: none is void */
    uint64_t n_events;
};

/* Runs a merge of its own. False with the cursor failed. */
bool mt_v1_futile_find(struct mt_v1_futile *f, struct mt_v1_index *index, struct mt_cursor *in,
                       struct mt_arena *arena);

static inline bool mt_v1_futile_is(const struct mt_v1_futile *f, uint64_t number)
{
    return f->void_bits && number < f->n_events && (f->void_bits[number / 64] >> number % 64 & 1);
}

#endif
