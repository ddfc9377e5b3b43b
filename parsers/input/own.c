/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/input/own.h"

enum { MARK_WITHIN = 2048 }; /* bytes of a file in which its second mark stands */

bool mt_is_own_output(struct mt_span head)
{
    static const struct {
        const char *first, *then;
    } marks[] = {
        {"<!DOCTYPE html>", "<meta name=\"generator\" content=\"memtriage\""},
        {"<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"mt", "-t mt"},
        {"{\"schema\":\"memtriage.", "\"tool\":{\"name\":\"memtriage\""},
        {"{\"$schema\":", "\"driver\":{\"name\":\"memtriage\""},
        {"# Memory report: ", "\n| Fact | Value | Change |\n"},
        {"# Memory diff: ", "\n**Gate: "},
        {"<!-- memtriage:v1 ", "\n"},
        {"<testsuites name=\"memtriage ", "<testcase classname=\"memtriage\""},
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (mt_span_starts(head, marks[i].first) &&
            mt_span_find(mt_span_sub(head, 0, MARK_WITHIN), marks[i].then) != MT_NPOS)
            return true;
    return false;
}
