/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/deflate.h"

#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, RAW_WINDOW = -15, MEMORY_LEVEL = 8, STEP = 64 << 10 };

static void deflate_all(struct mt_span bytes, int level, int window, struct mt_text *out)
{
    z_stream z = {0};
    unsigned char step[STEP];
    if (deflateInit2(&z, level, Z_DEFLATED, window, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        mt_out_of_memory();
    int state = Z_OK;
    while (state != Z_STREAM_END) {
        if (!z.avail_in && bytes.size) {
            size_t size = bytes.size < STEP ? bytes.size : STEP;
            union {
                const unsigned char *constant;
                unsigned char *zlib; /* reads only, but is not declared so everywhere */
            } in = {bytes.data};
            z.next_in = in.zlib;
            z.avail_in = (uInt)size;
            bytes = mt_span_from(bytes, size);
        }
        z.next_out = step;
        z.avail_out = STEP;
        state = deflate(&z, bytes.size ? Z_NO_FLUSH : Z_FINISH);
        mt_text_bytes(out, step, STEP - z.avail_out);
    }
    deflateEnd(&z);
}

void mt_gzip(struct mt_span bytes, struct mt_text *out)
{
    deflate_all(bytes, Z_BEST_SPEED, GZIP_WINDOW, out); /* as profiles are written */
}

void mt_deflate(struct mt_span bytes, struct mt_text *out)
{
    deflate_all(bytes, Z_BEST_COMPRESSION, RAW_WINDOW, out);
}

uint32_t mt_checksum(struct mt_span bytes)
{
    return (uint32_t)adler32_z(1, bytes.data, bytes.size);
}
