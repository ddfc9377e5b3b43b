/* SPDX-License-Identifier: Apache-2.0 */
/* Characters that are not seen, or change how their neighbours are: C0, C1, bidirectional,
 * zero-width. */
#ifndef MT_BASE_UNSEEN_H
#define MT_BASE_UNSEEN_H

#include "parsers/base/span.h"

/* The code point whose UTF-8 form of `size` bytes (mt_span_utf8_size) stands at the front. */
uint32_t mt_code_point(struct mt_span s, size_t size);
bool mt_is_unseen(uint32_t code_point);

#endif
