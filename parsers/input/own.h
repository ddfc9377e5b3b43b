/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Knows what memtriage itself wrote. A report is often written into the folder it is about; read
 * back, it would be evidence of itself, and the second report would differ from the first.
 */
#ifndef MT_INPUT_OWN_H
#define MT_INPUT_OWN_H

#include "parsers/base/span.h"

/* Whether these first bytes begin a page, picture, document or table of a report. Its profiles are
 * known by MT_OWN_COMMENT in their comments; stacks for other tools carry no mark. */
bool mt_is_own_output(struct mt_span head);

#define MT_OWN_COMMENT "memtriage: "

#endif
