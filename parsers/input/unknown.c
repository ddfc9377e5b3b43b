/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/input/unknown.h"

static bool looks_utf16(struct mt_span head)
{
    if (head.size >= 2 && ((head.data[0] == 0xff && head.data[1] == 0xfe) ||
                           (head.data[0] == 0xfe && head.data[1] == 0xff)))
        return true;
    size_t pairs = head.size / 2 < 256 ? head.size / 2 : 256, low = 0, high = 0;
    for (size_t i = 0; i < pairs; i++) {
        low += head.data[2 * i + 1] == 0 && head.data[2 * i] != 0;
        high += head.data[2 * i] == 0 && head.data[2 * i + 1] != 0;
    }
    return pairs >= 8 && (low * 10 > pairs * 9 || high * 10 > pairs * 9);
}

static bool mostly_text(struct mt_span head)
{
    size_t odd = 0;
    for (size_t i = 0; i < head.size; i++) {
        unsigned char c = head.data[i];
        odd += c < 0x20 && !(c >= '\t' && c <= '\r') && c != 0x1b;
    }
    return odd * 50 <= head.size;
}

static bool begins_with_word(struct mt_span head, const char *word)
{
    size_t size = mt_span_of(word).size;
    for (size_t at = 0; at + size <= head.size && at < 512; at++)
        if (mt_span_is_nocase(mt_span_sub(head, at, size), word))
            return true;
    return false;
}

const char *mt_unknown_reason(struct mt_span head, bool damaged_gzip)
{
    static const struct {
        const char *magic, *reason;
    } magics[] = {
        {"\177ELF", "an executable or core file, not a capture"},
        {"\211PNG", "a picture, not a capture"},
        {"%PDF", "a PDF document, not a capture"},
        {"SQLite format 3", "an SQLite database, not a capture"},
        {"BZh", "bzip2 data: unpack it first, only gzip is read"},
        {"\3757zXZ", "xz data: unpack it first, only gzip is read"},
        {"\050\265\057\375", "zstd data: unpack it first, only gzip is read"},
        {"\037\213", "a second gzip layer inside the first: unpack it once"},
        {"JAVA PROFILE 1.0", "a Java heap dump (hprof), which no reader knows"},
        {"go1.", "a Go heap dump (WriteHeapDump), which no reader knows"},
        {"go 1.", "an execution trace with a header of an unknown version"},
    };
    if (!head.size)
        return damaged_gzip ? "gzip data that is damaged from the first byte" : "empty";
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (mt_span_starts(head, magics[i].magic))
            return magics[i].reason;
    if (looks_utf16(head))
        return "UTF-16 text: a shell wrote it by redirection (PowerShell `>`), which also breaks "
               "binary "
               "captures; capture again with `curl -o FILE`";
    struct mt_span text = mt_span_trim(head);
    if (!text.size)
        return "nothing but blank lines";
    if (begins_with_word(head, "<html") || begins_with_word(head, "<!doctype html"))
        return "an HTML page, probably an error page saved in place of the capture";
    if (mt_span_starts(text, "404 page not found"))
        return "the words \"404 page not found\": the endpoint does not exist on that port";
    if (mt_span_starts(text, "Unknown profile") || mt_span_starts(text, "Could not enable"))
        return "an error message of net/http/pprof in place of the capture";
    return mostly_text(head) ? "text in no form that a reader knows"
                             : "binary data in no form that a reader knows";
}
