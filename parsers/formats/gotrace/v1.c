/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/v1.h"

bool mt_gotrace_v1_read(struct mt_cursor *in, unsigned go_minor, struct mt_trace_feed *feed)
{
    (void)feed;
    return mt_cur_fail(in, "traces of Go 1.%u are not read yet", go_minor);
}
