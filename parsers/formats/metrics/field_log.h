/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of text that carry metrics as fields, among lines that do not:
 *
 *     2026/11/22 19:05:51 memstats HeapAlloc=2882760 Sys=13194504 NumGC=3 goroutines=16
 *     ts=2026-11-22T19:08:29.3Z level=info msg=memstats heap_alloc=4257088 pause_total=314.81µs
 *     Alloc = 3 MiB  TotalAlloc = 5 MiB  Sys = 12 MiB  NumGC = 3
 *     2026-11-22T20:38:15Z pid=16442 rss_kb=37656
 *
 * A line is a record when its names leave no doubt (MT_RECORD_STRENGTH).
 */
#ifndef MT_FORMATS_METRICS_FIELD_LOG_H
#define MT_FORMATS_METRICS_FIELD_LOG_H

#include "parsers/formats/reader.h"

/* Three formats read the same lines; which of them a file is, its records in the head decide. */
enum mt_field_log_kind {
    MT_FIELD_LOG_NONE,
    MT_FIELD_LOG_RSS,    /* nothing but figures of the process */
    MT_FIELD_LOG_LOGFMT, /* key=value from the first word on */
    MT_FIELD_LOG_APP
};

enum mt_match mt_field_log_sniff(struct mt_span head, enum mt_field_log_kind kind);
bool mt_field_log_read(struct mt_cursor *in, struct mt_capture *out, const char *source);

#endif
