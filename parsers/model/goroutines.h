/* SPDX-License-Identifier: Apache-2.0 */
/* Goroutine dumps (debug=2, panics): each goroutine on its own, unlike a profile's groups. */
#ifndef MT_MODEL_GOROUTINES_H
#define MT_MODEL_GOROUTINES_H

#include "parsers/model/profile.h"

struct mt_dump_frame {
    uint32_t function; /* string id, with receiver and closure marks, no arguments */
    uint32_t file;
    uint32_t line;
    bool arguments_inlined; /* "(...)" */
};

/* There may be millions: the order of the members leaves no holes. */
struct mt_goroutine {
    uint64_t id;
    uint64_t creator_id;   /* "in goroutine N"; 0: not given */
    uint64_t wait_address; /* first argument of the blocking call (channel, lock); 0 unknown */
    uint64_t lock_address; /* first argument of the first sync.(*...) frame; 0 unknown */
    int64_t wait_ns;       /* whole minutes as printed; 0 when below one */
    size_t first_frame;    /* leaf first */
    size_t first_label;
    uint32_t n_frames, n_labels;
    uint32_t state;                        /* string id: "chan receive", "IO wait", "running" */
    struct mt_dump_frame created_by;       /* function 0: not given */
    bool locked_to_thread, leaked, elided; /* elided: frames were left out */
};

struct mt_goroutine_dump {
    int64_t time_ns;
    struct mt_clock_state clock;
    struct mt_goroutine *goroutines;
    size_t n_goroutines, cap_goroutines;
    struct mt_dump_frame *frames;
    size_t n_frames, cap_frames;
    struct mt_label *labels;
    size_t n_labels, cap_labels;
    bool from_panic;   /* all goroutines may not be there (GOTRACEBACK=single) */
    bool from_profile; /* of single goroutines (debug=3): no functions of creators, no arguments */
    struct mt_goroutine_dump *twin; /* the other view of the moment, if one is; see dumps.h */
    bool leak_form; /* goroutineleak's debug=2: only those marked leaked are proven */
};

#endif
