/* SPDX-License-Identifier: Apache-2.0 */
/* What a whole table shows about its process and its units; private to the recorder. */
#ifndef MT_FORMATS_METRICS_RECORDER_CHECK_H
#define MT_FORMATS_METRICS_RECORDER_CHECK_H

#include "parsers/model/capture.h"

/* Remarks on restarts and on records of several processes; memory of the process whose unit nobody
 * named is scaled from KiB or MiB to bytes where its values show that. */
void mt_recorder_check_table(struct mt_capture *c, struct mt_table *t, const bool *unit_named);

#endif
