/* SPDX-License-Identifier: Apache-2.0 */
/* The `inspect` object that all profile readers share; its fields are in parsers/formats/pprof.md.
 */
#ifndef MT_FORMATS_PROFILE_INSPECT_H
#define MT_FORMATS_PROFILE_INSPECT_H

#include "parsers/base/jsonout.h"
#include "parsers/base/text.h"
#include "parsers/model/capture.h"

/* The first profile of the capture. */
void mt_profile_inspect(const struct mt_capture *c, struct mt_json_out *out);

/* One object about file minus base, in the manner of `go tool pprof -diff_base`: the members of
 * inspect and base_totals_abs. Profiles that cannot be compared give "error": true and "message".
 */
void mt_profile_inspect_difference(const struct mt_profile *file,
                                   const struct mt_strings *file_strings,
                                   const struct mt_profile *base,
                                   const struct mt_strings *base_strings, struct mt_text *out);

#endif
