/* SPDX-License-Identifier: Apache-2.0 */
/* A request span (OTLP) or a user task of an execution trace. */
#ifndef MT_MODEL_REQUEST_H
#define MT_MODEL_REQUEST_H

#include "parsers/model/time.h"

struct mt_request {
    uint32_t name, kind; /* kind: "server", "client", "internal", "task" */
    uint32_t service;
    uint8_t trace_id[16]; /* zero: none */
    uint8_t span_id[8], parent_id[8];
    int64_t start_ns, duration_ns;
    int32_t http_status; /* 0: none */
    bool failed;         /* status code error, or 5xx */
    bool root; /* no parent in the file, or a server span; no task where the bundle has spans */
    const struct mt_request *task; /* of a root span: the user task that logged its trace id */
};

#endif
