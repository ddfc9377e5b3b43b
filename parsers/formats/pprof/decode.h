/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MT_FORMATS_PPROF_DECODE_H
#define MT_FORMATS_PPROF_DECODE_H

#include "parsers/model/capture.h"

/* Adds the profile to the capture, or nothing; base is the offset of bytes in the input. */
bool mt_pprof_decode(struct mt_span bytes, uint64_t base, struct mt_capture *out,
                     struct mt_err *err) MT_WARN_UNUSED;

#endif
