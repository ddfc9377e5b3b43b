/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/outputs/json/pieces.h"

#include "report/view/words.h"

void mt_json_tool(struct mt_json_out *j)
{
    mt_json_key(j, "tool");
    mt_json_object(j);
    mt_json_kv_text(j, "name", "memtriage");
    mt_json_kv_text(j, "version", MT_VERSION);
    mt_json_object_end(j);
}

void mt_json_input(struct mt_json_out *j, const struct mt_input *input)
{
    mt_json_kv_text(j, "path", input->path);
    mt_json_text_if(j, "kind", input->kind);
    mt_json_text_if(j, "format", input->format);
    mt_json_kv_u64(j, "bytes", input->bytes);
    mt_json_text_if(j, "sha256", input->sha256);
    mt_json_kv_text(j, "status", mt_word_input(input->status));
    mt_json_text_if(j, "reason", input->reason);
}

void mt_json_redaction(struct mt_json_out *j, const struct mt_view *view)
{
    static const char *const words[] = {"secrets", "paths", "labels", "args"};
    const struct mt_redaction *r = view->options.redaction;
    if (!r)
        return;
    mt_json_key(j, "redaction");
    mt_json_object(j);
    mt_json_key(j, "applied");
    mt_json_array(j);
    for (size_t i = 0; i < 4; i++)
        if (r->what & 1u << i)
            mt_json_text(j, words[i]);
    mt_json_array_end(j);
    mt_json_key(j, "replaced");
    mt_json_array(j);
    for (unsigned i = 0; i < MT_REDACTED_KINDS; i++) {
        if (!r->counts[i].places)
            continue;
        mt_json_object(j);
        mt_json_kv_text(j, "kind", mt_redacted_kind(i)->word);
        mt_json_kv_u64(j, "values", r->counts[i].values);
        mt_json_kv_u64(j, "places", r->counts[i].places);
        mt_json_object_end(j);
    }
    mt_json_array_end(j);
    mt_json_object_end(j);
}
