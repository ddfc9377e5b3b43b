/* SPDX-License-Identifier: Apache-2.0 */
/* "redaction": what was looked for and how often each kind was replaced. */
#ifndef MT_RENDER_JSON_REDACTION_H
#define MT_RENDER_JSON_REDACTION_H

#include "parsers/base/jsonout.h"
#include "report/view/view.h"

void mt_json_redaction(struct mt_json_out *j, const struct mt_view *view);

#endif
