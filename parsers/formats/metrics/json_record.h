/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One JSON object as a record of metrics: members of runtime.MemStats under any of their names,
 * also in inner objects ("memstats": {...}); times, process and pod beside them. Made for logs of
 * hundreds of MB: a log repeats its members in the same order, so what a name means is remembered
 * and the next record is only compared with the last.
 */
#ifndef MT_FORMATS_METRICS_JSON_RECORD_H
#define MT_FORMATS_METRICS_JSON_RECORD_H

#include "parsers/formats/metrics/recorder.h"

enum mt_json_record {
    MT_RECORD_BAD,    /* no whole JSON object */
    MT_RECORD_OTHER,  /* an object without metrics */
    MT_RECORD_METRICS /* they are set in the recorder, not yet committed */
};

enum { MT_MEMO_SLOTS = 512, MT_MEMO_NAME = 64, MT_MEMO_ORDER = 256 };

struct mt_json_memo_slot {
    uint16_t parent; /* slot of the object it stands in; 0 on top */
    uint8_t role;    /* 0: free */
    uint8_t size;
    struct mt_metric_name metric;
    unsigned char name[MT_MEMO_NAME];
};

struct mt_json_memo { /* zeroed at first */
    struct mt_json_memo_slot slots[MT_MEMO_SLOTS];
    size_t n_slots;
    uint16_t order[MT_MEMO_ORDER]; /* slot of the n-th member of the last record */

    /* of the last record read, valid as long as its text */
    struct mt_span message; /* "msg", "message": between its quotes */
    bool in_memstats;       /* metrics stood in an inner object named "memstats" */
};

/* Takes the object at the front of *text, blanks before it, too. BAD leaves *text alone; what was
 * understood up to the damage is set in the recorder all the same. */
enum mt_json_record mt_json_record_take(struct mt_json_memo *memo, struct mt_span *text,
                                        struct mt_recorder *r);

#endif
