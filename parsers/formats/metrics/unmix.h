/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the recorder. */
#ifndef MT_FORMATS_METRICS_UNMIX_H
#define MT_FORMATS_METRICS_UNMIX_H

#include "parsers/model/capture.h"

/* Tells apart the processes whose records stand among each other in a table without any name for
 * them: counters of one process only grow. The first process keeps the table, each other gets one
 * at the end of the capture's. Returns the number of processes; 1 when the table is one process's,
 * restarts included, or they cannot be told apart, and then nothing is changed. */
size_t mt_unmix(struct mt_capture *c, size_t table);

#endif
