/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/reader.h"

#include <string.h>

const struct mt_reader *mt_reader_sniff(struct mt_span head)
{
    const struct mt_reader *best = NULL;
    enum mt_match best_match = MT_NO;
    for (size_t i = 0; mt_readers[i]; i++) {
        enum mt_match match = mt_readers[i]->alone ? MT_NO : mt_readers[i]->sniff(head);
        if (match > best_match) {
            best_match = match;
            best = mt_readers[i];
        }
    }
    return best;
}

const struct mt_reader *mt_reader_named(const char *name)
{
    for (size_t i = 0; mt_readers[i]; i++)
        if (strcmp(mt_readers[i]->name, name) == 0)
            return mt_readers[i];
    return NULL;
}
