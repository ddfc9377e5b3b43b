/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a log leaps over many cycle numbers, lines are missing, or another process began to write;
 * which of both, only the rest of the log can say. So a leap begins another process, and those
 * after which the one before wrote nothing more are put together again at the end.
 */
#ifndef MT_FORMATS_GCTRACE_JOIN_H
#define MT_FORMATS_GCTRACE_JOIN_H

#include "parsers/formats/gctrace/process.h"

/* Processes that were put together with an earlier one have `joined` set and nothing of their own;
 * logs and tables without rows are gone from the capture. */
void mt_gctrace_join(struct mt_capture *out, struct mt_gctrace_processes *all);

#endif
