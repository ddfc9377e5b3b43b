/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/record.h"

#define NUMBERS(number, id, name, arguments) [number] = (arguments) + 1,
#define NAME(number, id, name, arguments)    [number] = name,

const uint8_t mt_record_numbers[256] = {MT_REC_EVENTS(NUMBERS)};

const char *mt_record_name(uint8_t type)
{
    static const char *const names[256] = {MT_REC_EVENTS(NAME)};
    return names[type] ? names[type] : "unknown";
}
