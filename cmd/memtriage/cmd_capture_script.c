/* SPDX-License-Identifier: Apache-2.0 */
/* memtriage capture-script: prints templates/capture.sh. */
#include "cmd/memtriage/command.h"
#include "report/view/templates.h"

#include <stdio.h>

int mt_cmd_capture_script(const struct mt_options *options)
{
    struct mt_span script = mt_template_named("capture.sh");
    if (options->output && mt_span_of(options->output).size && *options->output != '-') {
        mt_say("capture-script writes to standard output: memtriage capture-script > %s",
               options->output);
        return mt_code_exit_status(MT_ERR_USAGE);
    }
    return fwrite(script.data, 1, script.size, stdout) == script.size
               ? 0
               : mt_code_exit_status(MT_ERR_OUTPUT);
}
