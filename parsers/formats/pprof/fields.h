/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of the message Profile. */
#ifndef MT_FORMATS_PPROF_FIELDS_H
#define MT_FORMATS_PPROF_FIELDS_H

#include "parsers/base/wire.h"

enum field {
    SAMPLE_TYPE = 1,
    SAMPLE,
    MAPPING,
    LOCATION,
    FUNCTION,
    STRING,
    DROP_FRAMES,
    KEEP_FRAMES,
    TIME_NANOS,
    DURATION_NANOS,
    PERIOD_TYPE,
    PERIOD,
    COMMENT,
    DEFAULT_SAMPLE_TYPE,
    DOC_URL,
    FIELD_END
};

/* Bit set of the wire types that a known field may have. */
#define VARINT   (1u << MT_WIRE_VARINT)
#define MESSAGE  (1u << MT_WIRE_BYTES)
#define REPEATED (VARINT | MESSAGE) /* numbers, packed or not */

static const unsigned char field_types[FIELD_END] = {
    [SAMPLE_TYPE] = MESSAGE, [SAMPLE] = MESSAGE,
    [MAPPING] = MESSAGE,     [LOCATION] = MESSAGE,
    [FUNCTION] = MESSAGE,    [STRING] = MESSAGE,
    [DROP_FRAMES] = VARINT,  [KEEP_FRAMES] = VARINT,
    [TIME_NANOS] = VARINT,   [DURATION_NANOS] = VARINT,
    [PERIOD_TYPE] = MESSAGE, [PERIOD] = VARINT,
    [COMMENT] = REPEATED,    [DEFAULT_SAMPLE_TYPE] = VARINT,
    [DOC_URL] = VARINT,
};

#endif
