/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables ZGC prints per collection under `gc,heap`: rows by what is counted, columns by phase.
 *
 *                 Mark Start          Mark End        Relocate Start      Relocate End
 *        Used:       54M (56%)          58M (60%)          56M (58%)          26M (27%)
 *        Live:         -                12M (13%)          12M (13%)          10M (11%)
 *
 * Up to JDK 20 there is one table, of the heap; generational ZGC adds one of each generation.
 */
#ifndef MT_FORMATS_JVM_GC_ZGC_H
#define MT_FORMATS_JVM_GC_ZGC_H

#include "parsers/formats/jvm_gc/log.h"

/* section: which table the rows belong to, kept between the lines of one collection (0 at first).
 * generation: 'y', 'Y', 'O' in front of the text, or NUL. */
void mt_jvm_zgc_row(struct mt_gc_cycle *cycle, uint8_t *section, char generation,
                    struct mt_span text);

#endif
