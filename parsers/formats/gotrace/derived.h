/* SPDX-License-Identifier: Apache-2.0 */
/* The member "derived" of `inspect`: what consumers made of a trace, see gotrace.md. */
#ifndef MT_GOTRACE_DERIVED_H
#define MT_GOTRACE_DERIVED_H

#include "parsers/base/jsonout.h"
#include "parsers/model/capture.h"

void mt_derived_inspect(const struct mt_capture *c, struct mt_json_out *out);

#endif
