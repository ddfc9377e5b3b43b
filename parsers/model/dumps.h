/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dump (debug=2) and a profile of single goroutines (debug=3) of one moment are two views of the
 * same goroutines: the dump knows who created them, what for and where they wait, the profile their
 * labels and the time.
 */
#ifndef MT_MODEL_DUMPS_H
#define MT_MODEL_DUMPS_H

#include "parsers/model/bundle.h"

/* Makes twins of the dumps that show the same moment: nearly the same ids in the same states that
 * have waited as long. */
void mt_dumps_pair(struct mt_input *inputs, size_t n_inputs);

/* Its twin, if both have one time; without any, too. */
struct mt_goroutine_dump *mt_dump_twin(const struct mt_goroutine_dump *dump);

/* Goroutines of a dump without labels get those of its twin. */
void mt_dump_take_labels(struct mt_arena *arena, struct mt_goroutine_dump *dump);

#endif
