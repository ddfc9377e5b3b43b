/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of a joined bundle in which one thing is different. They live in the arena, share what
 * they do not change, and are good for assessing only. */
#ifndef MT_CI_TRANSFORM_H
#define MT_CI_TRANSFORM_H

#include "parsers/model/bundle.h"

/* Every distance from the start of the window, in time, times the factor; durations stay. */
struct mt_bundle *mt_transform_stretch(struct mt_arena *a, const struct mt_bundle *b, int factor);
/* Every byte of memory, every object and every goroutine stands for that many. With a scaled
 * profiling rate each object is larger instead: the same samples, in other units. */
struct mt_bundle *mt_transform_scale(struct mt_arena *a, const struct mt_bundle *b, int factor,
                                     bool larger_objects);
/* Each gauge and each sample times 1 + a normal error of that relative size. */
struct mt_bundle *mt_transform_noise(struct mt_arena *a, const struct mt_bundle *b, double sigma,
                                     uint64_t seed);
/* Profiles and dumps by moments: those whose bit stands in `keep(moment, moments)`. */
struct mt_bundle *mt_transform_drop(struct mt_arena *a, const struct mt_bundle *b,
                                    bool (*keep)(size_t moment, size_t n));
/* Every step-th row of series of 20 and more. */
struct mt_bundle *mt_transform_thin(struct mt_arena *a, const struct mt_bundle *b, size_t step);

#endif
