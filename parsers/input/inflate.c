/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/input/inflate.h"

#include "parsers/base/limits.h"

#include <limits.h>
#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

/* Below this much output the ratio of a stream says nothing. */
static const uint64_t RATIO_COUNTS_FROM = 256ull << 20;

struct mt_inflate {
    z_stream zlib;
    uint64_t bytes_in, bytes_out;
    bool between_members; /* the last member is whole, the next may begin */
};

struct mt_inflate *mt_inflate_new(void)
{
    struct mt_inflate *z = calloc(1, sizeof *z);
    if (!z || inflateInit2(&z->zlib, 15 + 16) != Z_OK)
        mt_out_of_memory();
    return z;
}

void mt_inflate_free(struct mt_inflate *z)
{
    if (!z)
        return;
    inflateEnd(&z->zlib);
    free(z);
}

void mt_inflate_restart(struct mt_inflate *z)
{
    inflateReset(&z->zlib);
    z->bytes_in = z->bytes_out = 0;
    z->between_members = false;
}

bool mt_is_gzip(struct mt_span head)
{
    return head.size >= 2 && head.data[0] == 0x1f && head.data[1] == 0x8b;
}

bool mt_inflates_too_well(uint64_t bytes_in, uint64_t bytes_out)
{
    return bytes_out > RATIO_COUNTS_FROM && bytes_out / mt_limit(MT_LIMIT_RATIO) > bytes_in;
}

/* One call of zlib; counts what it took and gave. */
static int run(struct mt_inflate *z, struct mt_span *in, unsigned char *out, size_t room,
               size_t *written)
{
    uInt give = in->size > UINT_MAX ? UINT_MAX : (uInt)in->size;
    uInt take = room > UINT_MAX ? UINT_MAX : (uInt)room;
    z->zlib.next_in = in->size ? in->data : (const unsigned char *)"";
    z->zlib.avail_in = give;
    z->zlib.next_out = out;
    z->zlib.avail_out = take;
    int status = inflate(&z->zlib, Z_NO_FLUSH);
    size_t used = give - z->zlib.avail_in;
    *written = take - z->zlib.avail_out;
    *in = mt_span_from(*in, used);
    z->bytes_in += used;
    z->bytes_out += *written;
    return status;
}

static bool at_the_end(struct mt_inflate *z, bool *end, struct mt_err *err)
{
    if (z->between_members) {
        *end = true;
        return true;
    }
    return mt_fail(err, MT_ERR_INPUT, z->bytes_out,
                   "gzip stream ends early, at compressed byte %llu: the file was cut",
                   (unsigned long long)z->bytes_in);
}

static bool begin_member(struct mt_inflate *z, struct mt_span in, struct mt_err *err)
{
    if (!mt_is_gzip(in))
        return mt_fail(err, MT_ERR_INPUT, z->bytes_out,
                       "bytes that are no gzip follow the stream at compressed byte %llu",
                       (unsigned long long)z->bytes_in);
    inflateReset(&z->zlib);
    z->between_members = false;
    return true;
}

bool mt_inflate_step(struct mt_inflate *z, struct mt_span *in, bool more_input, unsigned char *out,
                     size_t room, size_t *written, bool *end, struct mt_err *err)
{
    *written = 0;
    *end = false;
    while (*written == 0 && room) {
        if (in->size < (z->between_members ? 2u : 1u) && more_input)
            return true;
        if (!in->size)
            return at_the_end(z, end, err);
        if (z->between_members && !begin_member(z, *in, err))
            return false;
        int status = run(z, in, out, room, written);
        if (status == Z_STREAM_END)
            z->between_members = true;
        else if (status != Z_OK && status != Z_BUF_ERROR)
            return mt_fail(err, MT_ERR_INPUT, z->bytes_out,
                           "gzip stream is damaged at compressed byte %llu (%s)",
                           (unsigned long long)z->bytes_in,
                           z->zlib.msg ? z->zlib.msg : "not deflate data");
    }
    if (mt_inflates_too_well(z->bytes_in, z->bytes_out))
        return mt_fail(err, MT_ERR_LIMIT, z->bytes_out,
                       "gzip stream inflates more than %llu times (--limit inflate-ratio)",
                       (unsigned long long)mt_limit(MT_LIMIT_RATIO));
    return true;
}
