/* SPDX-License-Identifier: Apache-2.0 */
/* memtriage formats: every input form with an example line and how to capture it. */
#include "cmd/memtriage/command.h"

#include <stdio.h>

int mt_cmd_formats(const struct mt_options *options)
{
    (void)options;
    for (size_t i = 0; mt_readers[i]; i++) {
        const struct mt_reader *r = mt_readers[i];
        printf("%s%s (%s)\n    %s\n", i ? "\n" : "", r->name, r->kind ? r->kind : "", r->summary);
        if (r->example)
            printf("    for example:  %s\n", r->example);
        if (r->how)
            printf("    capture it:   %s\n", r->how);
    }
    return 0;
}
