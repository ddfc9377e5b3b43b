/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MT_FORMATS_METRICS_INSPECT_H
#define MT_FORMATS_METRICS_INSPECT_H

#include "parsers/base/jsonout.h"
#include "parsers/model/capture.h"

/* The `inspect` members all series readers share; see metrics/inspect.md. */
void mt_metrics_inspect(const struct mt_capture *c, struct mt_json_out *j);

#endif
