/* SPDX-License-Identifier: Apache-2.0 */
/* The `inspect` object that all profile readers share; its fields are in parsers/formats/pprof.md.
 */
#ifndef MT_FORMATS_PROFILE_INSPECT_H
#define MT_FORMATS_PROFILE_INSPECT_H

#include "parsers/base/jsonout.h"
#include "parsers/model/capture.h"

/* The first profile of the capture. */
void mt_profile_inspect(const struct mt_capture *c, struct mt_json_out *out);

#endif
