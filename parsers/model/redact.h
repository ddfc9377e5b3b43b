/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes what should not leave the house out of a bundle, in one pass over its string table and the
 * few texts beside it, before anything is assessed: no output can show what the model does not
 * hold.
 *
 * A secret becomes "[redacted:KIND-N]". The same text gets the same mark in everything that one
 * struct mt_redaction was applied to (both sides of a diff), N counts from 1 in order of first
 * appearance, so two values stay two. Ids stay as they are, also where two strings become equal:
 * what was told apart by id is still told apart.
 */
#ifndef MT_MODEL_REDACT_H
#define MT_MODEL_REDACT_H

#include "parsers/base/secrets.h"
#include "parsers/model/bundle.h"

enum {
    MT_REDACT_SECRETS = 1, /* what parsers/base/secrets.h finds, and labels under a secret's name */
    MT_REDACT_PATHS = 2,   /* folders in front of files, home directories anywhere */
    MT_REDACT_LABELS = 4,  /* values of profile and goroutine labels */
    MT_REDACT_ARGS = 8     /* values, quoted texts and addresses in log lines, panics, span names */
};

/* Kinds of marks: those of secrets, and these. */
enum {
    MT_REDACTED_PATH = MT_SECRET_KINDS,
    MT_REDACTED_LABEL,
    MT_REDACTED_ARGUMENT,
    MT_REDACTED_KINDS
};

struct mt_redacted_kind {
    const char *word, *one, *many; /* "email", "e-mail address", "e-mail addresses" */
};
const struct mt_redacted_kind *mt_redacted_kind(unsigned kind);

struct mt_redaction {
    unsigned what;           /* MT_REDACT_... */
    struct mt_arena *arena;  /* holds the marks */
    struct mt_strings known; /* texts that were replaced */
    const char **marks;      /* by their ids */
    size_t cap_marks;
    struct {
        uint64_t values, places; /* different ones, and where they stood */
    } counts[MT_REDACTED_KINDS];
};

/* "paths,labels", "none". False: *word is the one that is not known. */
bool mt_redaction_parse(const char *list, unsigned *what, struct mt_span *word);
void mt_redaction_init(struct mt_redaction *r, struct mt_arena *arena, unsigned what);

/* The text itself where nothing had to go, else a copy in `a`, followed by a NUL. */
struct mt_span mt_redact_text(struct mt_redaction *r, struct mt_arena *a, struct mt_span text);

/* The value of a label that is in no capture, by its key too. */
struct mt_span mt_redact_label(struct mt_redaction *r, struct mt_arena *a, struct mt_span key,
                               struct mt_span value);

/* After the join and after filters, which match what was captured. */
void mt_redact_bundle(struct mt_redaction *r, struct mt_bundle *b);
/* One capture that is in no bundle. */
void mt_redact_capture(struct mt_redaction *r, struct mt_capture *c);

/* -- shared by the files behind this header ------------------------------------------------ */

/* The mark of a text; counts it. */
const char *mt_redact_mark(struct mt_redaction *r, unsigned kind, struct mt_span text);
/* Home directories and arguments in any text. */
bool mt_redact_find_home(struct mt_span text, size_t from, size_t *at, size_t *size);
bool mt_redact_find_argument(struct mt_span text, size_t from, size_t *at, size_t *size);
/* Folders of files that a function or a mapping names, in the table. */
void mt_redact_files(struct mt_redaction *r, struct mt_strings *strings,
                     struct mt_capture *const *captures, size_t n);

#endif
