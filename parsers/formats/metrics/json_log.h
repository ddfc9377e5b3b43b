/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream of JSON objects with metrics in them: a line each, pretty-printed over several lines,
 * inside one array, behind a log line's front, between `date` lines, among lines of other kinds,
 * inside a container log.
 */
#ifndef MT_FORMATS_METRICS_JSON_LOG_H
#define MT_FORMATS_METRICS_JSON_LOG_H

#include "parsers/formats/metrics/json_record.h"
#include "parsers/formats/reader.h"

/* memstats_object: only records whose metrics stand in an object "memstats" (expvar), or only the
 * others. */
enum mt_match mt_json_log_sniff(struct mt_span head, bool memstats_object);
bool mt_json_log_read(struct mt_cursor *in, struct mt_capture *out, const char *source,
                      bool memstats_object);

#endif
