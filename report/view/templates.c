/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/templates.h"

#include <string.h>

struct mt_span mt_template_named(const char *name)
{
    for (const struct mt_template *t = mt_templates; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return (struct mt_span){(const unsigned char *)t->text, t->size};
    return (struct mt_span){0};
}
