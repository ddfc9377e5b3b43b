/* SPDX-License-Identifier: Apache-2.0 */
/* Whose code a frame is: the colour of a flame graph. */
#ifndef MT_VIEW_ORIGIN_H
#define MT_VIEW_ORIGIN_H

#include "report/analysis/assessment.h"

/* function and file are string ids of the bundle. */
enum mt_origin mt_view_origin(const struct mt_bundle *bundle, uint32_t function, uint32_t file);

#endif
