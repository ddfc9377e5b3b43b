/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/process.h"

bool mt_process_take(struct mt_recorder *r, enum mt_process_figure figure, struct mt_span word)
{
    static const struct mt_metric_name names[] = {
        [MT_PROCESS_RSS] = {MT_M_RSS, 1024, true, true, MT_NAME_STRONG},
        [MT_PROCESS_VIRTUAL] = {MT_M_VIRTUAL, 1024, true, true, MT_NAME_STRONG},
        [MT_PROCESS_THREADS] = {MT_M_THREADS, 1, false, true, MT_NAME_WEAK},
        [MT_PROCESS_FDS] = {MT_M_OPEN_FDS, 1, false, true, MT_NAME_STRONG},
    };
    uint64_t pid;
    if (figure != MT_PROCESS_PID)
        return mt_recorder_text(r, &names[figure], word);
    if (!mt_span_u64(word, &pid) || pid > UINT32_MAX)
        return false;
    r->pid = (uint32_t)pid;
    return true;
}

struct mt_span mt_process_base_name(struct mt_span command)
{
    size_t slash = mt_span_find_last_byte(command, '/');
    return slash == MT_NPOS || slash + 1 == command.size ? command
                                                         : mt_span_from(command, slash + 1);
}
