/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/renderer.h"

#include <string.h>

const struct mt_renderer *mt_renderer_named(const char *name)
{
    for (size_t i = 0; mt_renderers[i]; i++)
        if (strcmp(mt_renderers[i]->name, name) == 0)
            return mt_renderers[i];
    return NULL;
}
