/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which metric a name in a log means, whatever the program calls it: "HeapAlloc", "heap_alloc",
 * "go_memstats_heap_alloc_bytes", "runtime.heapAllocMB", "/memory/classes/heap/objects:bytes".
 * Letters and digits count, case and separators do not; a namespace in front is passed over; a unit
 * at the end scales the values.
 */
#ifndef MT_FORMATS_METRICS_NAME_H
#define MT_FORMATS_METRICS_NAME_H

#include "parsers/base/span.h"
#include "parsers/model/series.h"

/* How much a name alone says that a line is about memory. */
enum mt_name_strength {
    MT_NAME_SETTING = 0, /* limits and settings stand in configurations, too */
    MT_NAME_WEAK = 1,    /* a word others use, too: "sys", "threads" */
    MT_NAME_STRONG = 2   /* "NumGC", "rss_kb" */
};

struct mt_metric_name {
    enum mt_metric metric;
    double scale;    /* a bare number times this is the metric in its own unit */
    bool unit_named; /* the name says the unit ("_kb"); else scale is 1 */
    bool plain;      /* any whole number below 10^18 is possible and means itself times scale */
    enum mt_name_strength strength;
};

/* A unit in brackets behind the name ("HeapAlloc (MiB)") counts, labels ("{...}") do not. False: no
 * metric of ours. */
bool mt_metric_of_name(struct mt_span name, struct mt_metric_name *out);

/* Names under which logs carry the time of a record, the process, and where it runs. */
bool mt_name_is_time(struct mt_span name);
bool mt_name_is_pid(struct mt_span name);
bool mt_name_is_origin(struct mt_span name); /* a pod, an instance, a host */

#endif
