/* SPDX-License-Identifier: Apache-2.0 */
/* Says what a file that no reader took probably is, so that whoever reads the report can mend the
 * capture. */
#ifndef MT_INPUT_UNKNOWN_H
#define MT_INPUT_UNKNOWN_H

#include "parsers/base/span.h"

/* A sentence without a full stop; never NULL. `damaged_gzip`: the gzip layer broke within the head.
 */
const char *mt_unknown_reason(struct mt_span head, bool damaged_gzip);

#endif
