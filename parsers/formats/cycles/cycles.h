/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of GC logs say alike about the logs they made. */
#ifndef MT_FORMATS_CYCLES_H
#define MT_FORMATS_CYCLES_H

#include "parsers/base/jsonout.h"
#include "parsers/model/capture.h"

/* Members "pause_ms" and "longest_pause_ms" of an inspected log. */
void mt_cycles_inspect_pauses(const struct mt_gc_log *log, struct mt_json_out *out);
/* Members "cycles", "first", "last" and "missing" of a log of Go's numbered cycles. */
void mt_cycles_inspect_numbers(const struct mt_gc_log *log, struct mt_json_out *out);
/* The array "processes", an object for each log of the capture. */
void mt_cycles_inspect(const struct mt_capture *c, struct mt_json_out *out,
                       void (*log)(const struct mt_capture *c, const struct mt_gc_log *log,
                                   struct mt_json_out *out));

/* Logs of that source: a file may hold those of several, each by a reader of its own. */
size_t mt_cycles_count_logs(const struct mt_capture *c, const char *source);

/* Remarks of the logs of a source, one of Go's: numbers left out, and several processes. `back` is
 * what went back. */
void mt_cycles_remark(struct mt_capture *out, const char *source, const char *back);

#endif
