/* SPDX-License-Identifier: Apache-2.0 */
/* Rotated logs (app.log.2.gz, app.log.1, app.log) hold one series in pieces; the pieces are joined.
 */
#ifndef MT_MODEL_ROTATION_H
#define MT_MODEL_ROTATION_H

#include "parsers/model/bundle.h"

/* The path without ".gz" and without a number, date or "old" behind the last dot; *turn is the
 * rotation's number (0: the live file). False: the path has no such mark. */
bool mt_rotation_of(struct mt_span path, struct mt_span *stem, uint64_t *turn);

/* Moves the tables and GC cycles of the older pieces in front of the live file's, oldest first. */
void mt_join_rotated(struct mt_bundle *b);

#endif
