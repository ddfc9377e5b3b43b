/* SPDX-License-Identifier: Apache-2.0 */
/* What several documents have in common: report.json, diff.json, the packet's manifest. */
#ifndef MT_RENDER_JSON_PIECES_H
#define MT_RENDER_JSON_PIECES_H

#include "parsers/base/jsonout.h"
#include "report/view/view.h"

/* "tool": name and version. */
void mt_json_tool(struct mt_json_out *j);
/* Members of an input, into an object that is open. */
void mt_json_input(struct mt_json_out *j, const struct mt_input *input);
/* "redaction": what was looked for and how often each kind was replaced. */
void mt_json_redaction(struct mt_json_out *j, const struct mt_view *view);

#endif
