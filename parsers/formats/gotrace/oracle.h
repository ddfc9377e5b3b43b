/* SPDX-License-Identifier: Apache-2.0 */
/* What `inspect` says about a trace: counts and sums over the events as they were delivered
 * (gotrace.md has the fields). Kept in the capture's `detail`. */
#ifndef MT_GOTRACE_ORACLE_H
#define MT_GOTRACE_ORACLE_H

#include "parsers/base/jsonout.h"
#include "parsers/formats/gotrace/consumer.h"

struct mt_oracle_site {
    uint32_t function; /* string id */
    uint64_t created, existing_at_start, alive_at_end;
};

struct mt_oracle_span {
    uint32_t reason; /* stops: string id */
    int64_t goroutine;
    int64_t start_ns, end_ns;
    bool open, open_at_end;
};

struct mt_oracle_metric {
    uint64_t samples, first, last, least, most;
};

struct mt_oracle_wait {
    uint32_t reason; /* string id */
    int64_t total_ns;
};

struct mt_oracle {
    unsigned go_minor;
    bool complete;
    uint64_t n_events, kinds[MT_EV_KINDS], n_syncs;
    int64_t last_ns;
    uint64_t seen, created, existing, ended, alive;
    int64_t state_ns[MT_GO_STATES];
    struct mt_oracle_wait *waits;
    size_t n_waits, cap_waits;
    struct mt_oracle_site *sites;
    size_t n_sites, cap_sites;
    struct mt_oracle_span *marks, *stops;
    size_t n_marks, cap_marks, n_stops, cap_stops;
    struct mt_oracle_metric metrics[MT_METRICS_N];
    uint64_t procs, threads, stacks;
    char events_sha256[65];
};

void mt_oracle_inspect(const struct mt_oracle *o, const struct mt_strings *strings,
                       struct mt_json_out *out);

#endif
