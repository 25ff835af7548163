// All kernels of one level, and their table. Before including this, a level defines
//   TK_TABLE      the name of its table
//   TK_FUSED      whether multiply-adds are fused
//   TK_MASKED     whether some of the 16 lanes can be read or written by a mask
//   TK_KEEP(x)    a statement that has a vector stand in one register
//   TK_MR, TK_NV  the tile of a matrix product, rows by vectors of 16 (at most two)
//   TK_STEPS      the steps of a tile between two looks at whether more follow
//   TK_FOR_TILES(X), TK_TILE_LISTS(X)
//                 X(rows, vectors) for each tile up to that size; the same, in a list of lists
//   TK_CHAINS     the vectors of the peak probe
//   TK_PAIR_BITS  the bits that one instruction multiplies as pairs of 16-bit integers, or 0
// and opens its target attribute, so nothing below needs to name an instruction set.

// Vectors are passed between functions of this file only, and those are inlined: that levels
// would pass them in different registers does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

#include "rank_key.h"
#include "vector.h"

#include "double_body.h"

#include "math_body.h"

#include "row_body.h"

#include "pair_body.h"

#include "loss_body.h"

#include "rank_body.h"

#include "screen_body.h"

#include "tile_body.h"

#include "columns_body.h"

#include "gemm_body.h"

#include "embedding_body.h"

#include "optimizer_body.h"

#include "sequence_body.h"

#include "attention_body.h"

#include "recurrence_body.h"

#include "probe_body.h"

#include "text_body.h"

const tk_table TK_TABLE = {
#include "level_table.h"
};
