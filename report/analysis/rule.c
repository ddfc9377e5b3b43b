/* SPDX-License-Identifier: Apache-2.0 */
#include "report/analysis/rule.h"

#include <string.h>

const struct mt_rule *mt_rule_named(const char *id)
{
    for (size_t i = 0; mt_rules[i]; i++)
        if (strcmp(mt_rules[i]->id, id) == 0)
            return mt_rules[i];
    return NULL;
}
