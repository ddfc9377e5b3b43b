/* SPDX-License-Identifier: Apache-2.0 */
/* The memory map behind the samples of a legacy profile: lines of /proc/PID/maps, or shorter ones,
 * in which names like $build stand for what a line "build=/path" said before. */
#ifndef MT_FORMATS_PROFILE_MEMORY_MAP_H
#define MT_FORMATS_PROFILE_MEMORY_MAP_H

#include "parsers/formats/profile/text.h"
#include "parsers/model/capture.h"

/* Reads the rest of the text. Adjacent pieces of one file are joined, the main program is put
 * first.
 */
void mt_memory_map_read(struct mt_profile_text *t, struct mt_capture *out, struct mt_profile *p,
                        size_t *capacity);
/* Gives each location with an address its mapping; one without a file and over the whole address
 * space is made up where none fits. */
void mt_memory_map_assign(struct mt_capture *out, struct mt_profile *p, size_t *capacity);

#endif
