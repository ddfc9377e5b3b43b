/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running text taken apart: sentences of the engine name functions, files and suspects in passing,
 * and outputs set those in code or as links. Pieces come in order and leave nothing out.
 */
#ifndef MT_VIEW_PIECES_H
#define MT_VIEW_PIECES_H

#include "parsers/base/span.h"

enum mt_piece_kind {
    MT_PIECE_TEXT,
    MT_PIECE_CODE,   /* "cart.(*Registry).Attach", "cart/registry.go:40", `anything` */
    MT_PIECE_SUSPECT /* "suspect 2" */
};

struct mt_piece {
    enum mt_piece_kind kind;
    struct mt_span text; /* without the backticks that marked it */
    unsigned suspect;
};

/* Takes the next piece off the front; false at the end. Only suspects up to `suspects` count. */
bool mt_piece_next(struct mt_span *rest, unsigned suspects, struct mt_piece *piece);

#endif
