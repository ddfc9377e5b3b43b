/* SPDX-License-Identifier: Apache-2.0 */
/* What a whole table shows about its process and its units; private to the recorder. */
#ifndef MT_FORMATS_METRICS_RECORDER_CHECK_H
#define MT_FORMATS_METRICS_RECORDER_CHECK_H

#include "parsers/model/capture.h"

/* Remarks on restarts; processes whose records are mixed get tables of their own. Memory of the
 * process whose unit nobody named is scaled from KiB or MiB to bytes where its values show that. */
void mt_recorder_check_table(struct mt_capture *c, size_t table, const bool *unit_named);

#endif
