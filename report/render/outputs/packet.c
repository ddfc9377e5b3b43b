/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything in one .tar.gz: the standard set of outputs, MANIFEST.json (every file and every input
 * with its hash) and SHA256SUMS, which `sha256sum -c` reads. Members stand in order of their names
 * and carry no time, no owner and no name of the host, so the same bundle gives the same bytes.
 *
 * libarchive is loaded when a packet is asked for, as it is for archives that are read.
 */
#include "report/render/renderer.h"

#include "parsers/base/digest.h"
#include "parsers/base/jsonout.h"
#include "parsers/base/library.h"
#include "report/render/deflate.h"
#include "report/render/outputs/json/pieces.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

static const char folder[] = "memtriage-report/";

/* -- libarchive ----------------------------------------------------------------------------- */

#define CALLS(X)                                                                                   \
    X(archive_write_new)                                                                           \
    X(archive_write_set_format_ustar)                                                              \
    X(archive_write_add_filter_none)                                                               \
    X(archive_write_open)                                                                          \
    X(archive_write_header)                                                                        \
    X(archive_write_data)                                                                          \
    X(archive_write_close)                                                                         \
    X(archive_write_free)                                                                          \
    X(archive_error_string)                                                                        \
    X(archive_entry_new)                                                                           \
    X(archive_entry_free)                                                                          \
    X(archive_entry_set_pathname)                                                                  \
    X(archive_entry_set_size)                                                                      \
    X(archive_entry_set_filetype)                                                                  \
    X(archive_entry_set_perm)                                                                      \
    X(archive_entry_set_mtime)

struct calls {
    CALLS(MT_LIBRARY_FIELD)
};
static const struct mt_library_call calls[] = {CALLS(MT_LIBRARY_CALL)};

static bool load(struct calls *lib, struct mt_err *err)
{
    return mt_library_load("libarchive.so.13", "write a packet", calls,
                           sizeof calls / sizeof *calls, lib, MT_ERR_OUTPUT, err);
}

/* -- what is packed ------------------------------------------------------------------------- */

struct member {
    const char *name;
    struct mt_span bytes;
    char sha256[65];
};

struct packet {
    struct mt_outputs base;
    struct mt_arena arena;
    struct member *members;
    size_t n, capacity;
};

static bool add(struct mt_outputs *self, const char *name, struct mt_span bytes)
{
    struct packet *p = (struct packet *)self;
    MT_RESERVE(&p->arena, p->members, p->n, p->capacity);
    struct member *m = &p->members[p->n++];
    m->name = mt_arena_copy(&p->arena, name, strlen(name));
    m->bytes = (struct mt_span){(unsigned char *)mt_arena_copy(&p->arena, bytes.data, bytes.size),
                                bytes.size};
    mt_sha256_hex(m->bytes, m->sha256);
    return true;
}

static int by_name(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static void inputs(struct mt_json_out *j, const struct mt_bundle *b, const char *side,
                   const char *run)
{
    for (size_t i = 0; i < b->n_inputs; i++) {
        mt_json_object(j);
        if (side) {
            mt_json_kv_text(j, "side", side);
            mt_json_kv_text(j, "run", run);
        }
        mt_json_input(j, &b->inputs[i]);
        mt_json_object_end(j);
    }
}

static void side_inputs(struct mt_json_out *j, const struct mt_diff_side *side, const char *name)
{
    for (size_t i = 0; i < side->n_runs; i++)
        inputs(j, side->runs[i].bundle, name, side->runs[i].name);
}

static void manifest(const struct packet *p, const struct mt_view *view, struct mt_text *text)
{
    struct mt_json_out j;
    mt_json_begin(&j, text);
    mt_json_object(&j);
    mt_json_kv_text(&j, "schema", "memtriage.packet/1");
    mt_json_tool(&j);
    mt_json_key(&j, "files");
    mt_json_array(&j);
    for (size_t i = 0; i < p->n; i++) {
        mt_json_object(&j);
        mt_json_kv_text(&j, "path", p->members[i].name);
        mt_json_kv_u64(&j, "bytes", p->members[i].bytes.size);
        mt_json_kv_text(&j, "sha256", p->members[i].sha256);
        mt_json_object_end(&j);
    }
    mt_json_array_end(&j);
    mt_json_key(&j, "inputs");
    mt_json_array(&j);
    if (view->diff) {
        side_inputs(&j, &view->diff->base, "base");
        side_inputs(&j, &view->diff->head, "head");
    } else {
        inputs(&j, view->assessment->bundle, NULL, NULL);
    }
    mt_json_array_end(&j);
    mt_json_redaction(&j, view);
    mt_json_object_end(&j);
    mt_text_byte(text, '\n');
}

static void add_lists(struct packet *p, const struct mt_view *view)
{
    struct mt_text text = {0};
    manifest(p, view, &text);
    add(&p->base, "MANIFEST.json", mt_text_view(&text));
    text.size = 0;
    qsort(p->members, p->n, sizeof *p->members, by_name);
    for (size_t i = 0; i < p->n; i++)
        mt_text_printf(&text, "%s  %s\n", p->members[i].sha256, p->members[i].name);
    add(&p->base, "SHA256SUMS", mt_text_view(&text));
    qsort(p->members, p->n, sizeof *p->members, by_name);
    mt_text_clear(&text);
}

/* -- packing -------------------------------------------------------------------------------- */

static la_ssize_t take_bytes(struct archive *archive, void *text, const void *bytes, size_t size)
{
    (void)archive;
    mt_text_bytes(text, bytes, size);
    return (la_ssize_t)size;
}

static bool pack_member(const struct calls *lib, struct archive *archive, struct mt_arena *arena,
                        const struct member *m)
{
    struct archive_entry *entry = lib->archive_entry_new();
    if (!entry)
        mt_out_of_memory();
    lib->archive_entry_set_pathname(entry, mt_arena_printf(arena, "%s%s", folder, m->name));
    lib->archive_entry_set_size(entry, (la_int64_t)m->bytes.size);
    lib->archive_entry_set_filetype(entry, AE_IFREG);
    lib->archive_entry_set_perm(entry, 0644);
    lib->archive_entry_set_mtime(entry, 0, 0);
    bool ok =
        lib->archive_write_header(archive, entry) == ARCHIVE_OK &&
        lib->archive_write_data(archive, m->bytes.data, m->bytes.size) == (la_ssize_t)m->bytes.size;
    lib->archive_entry_free(entry);
    return ok;
}

static bool pack(struct packet *p, struct mt_text *tar, struct mt_err *err)
{
    struct calls lib = {0};
    if (!load(&lib, err))
        return false;
    struct archive *archive = lib.archive_write_new();
    if (!archive)
        mt_out_of_memory();
    bool ok = lib.archive_write_set_format_ustar(archive) == ARCHIVE_OK &&
              lib.archive_write_add_filter_none(archive) == ARCHIVE_OK &&
              lib.archive_write_open(archive, tar, NULL, take_bytes, NULL) == ARCHIVE_OK;
    for (size_t i = 0; ok && i < p->n; i++)
        ok = pack_member(&lib, archive, &p->arena, &p->members[i]);
    ok = ok && lib.archive_write_close(archive) == ARCHIVE_OK;
    if (!ok)
        mt_fail(err, MT_ERR_OUTPUT, 0, "the packet could not be made: %s",
                lib.archive_error_string(archive));
    lib.archive_write_free(archive);
    return ok;
}

static bool render(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    struct packet p = {.base = {.file = add}};
    struct mt_text tar = {0}, packed = {0};
    bool ok = true;
    for (size_t i = 0; ok && mt_renderers[i]; i++)
        if (view->diff ? mt_renderers[i]->in_diff : mt_renderers[i]->in_report)
            ok = mt_renderers[i]->render(view, &p.base, err);
    if (ok) {
        qsort(p.members, p.n, sizeof *p.members, by_name);
        add_lists(&p, view);
        ok = pack(&p, &tar, err);
    }
    if (ok) {
        mt_gzip(mt_text_view(&tar), &packed);
        ok = out->file(out, "packet.tar.gz", mt_text_view(&packed)) ||
             mt_fail(err, MT_ERR_OUTPUT, 0, "packet.tar.gz could not be written");
    }
    mt_text_clear(&packed);
    mt_text_clear(&tar);
    mt_arena_clear(&p.arena);
    return ok;
}

const struct mt_renderer mt_renderer_packet = {
    .name = "packet",
    .suffix = ".tar.gz",
    .file = "packet.tar.gz",
    .summary = "the standard set as one archive, with the hashes of its files and of the inputs",
    .for_report = true,
    .for_diff = true,
    .render = render,
};
