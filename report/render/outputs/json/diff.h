/* SPDX-License-Identifier: Apache-2.0 */
/* diff.json; the face is ../json.c. */
#ifndef MT_RENDER_JSON_DIFF_H
#define MT_RENDER_JSON_DIFF_H

#include "report/render/renderer.h"

bool mt_json_render_diff(const struct mt_view *view, struct mt_outputs *out);

#endif
