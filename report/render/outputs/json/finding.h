/* SPDX-License-Identifier: Apache-2.0 */
/* A finding as report.json and the search documents have it. */
#ifndef MT_RENDER_JSON_FINDING_H
#define MT_RENDER_JSON_FINDING_H

#include "parsers/base/jsonout.h"
#include "report/view/view.h"

/* Its members, into an object that is open. */
void mt_json_finding(struct mt_json_out *j, const struct mt_finding *f, size_t rank);

#endif
