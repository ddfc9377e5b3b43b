/* SPDX-License-Identifier: Apache-2.0 */
/* Goroutine profiles that tell each goroutine apart by labels, what some runtimes serve as debug=3.
 */
#ifndef MT_PPROF_GOROUTINES_H
#define MT_PPROF_GOROUTINES_H

#include "parsers/model/capture.h"

/* When the capture's last profile has the labels go::goroutine (an id), go::goroutine_state,
 * go::goroutine_wait_minutes and go::goroutine_created_by, it also becomes a goroutine dump, and,
 * unless the capture is inspected, the profile keeps only its other labels. */
void mt_pprof_goroutines(struct mt_capture *out);

#endif
