// All kernels of one level, and their table. Before including this, a level defines
//   TK_TABLE      the name of its table
//   TK_FUSED      whether multiply-adds are fused
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

#include "rank_body.h"

#include "screen_body.h"

#include "gemm_body.h"

#include "embedding_body.h"

#include "optimizer_body.h"

#include "probe_body.h"

#include "text_body.h"

const tk_table TK_TABLE = {
    .fma_probe = tk_level_fma_probe,
    .gemm = tk_level_gemm,
    .max = tk_level_max,
    .argmax = tk_level_argmax,
    .sum = tk_level_sum,
    .dot = tk_level_dot,
    .exp_shift_sum = tk_level_exp_shift_sum,
    .exp_max_sum = tk_level_exp_max_sum,
    .scale = tk_level_scale,
    .axpy = tk_level_axpy,
    .affine = tk_level_affine,
    .count_greater = tk_level_count_greater,
    .find_above = tk_level_find_above,
    .sum_partials = tk_level_sum_partials,
    .count_above = tk_level_count_above,
    .collect_above = tk_level_collect_above,
    .pair_scores = tk_level_pair_scores,
    .max_abs = tk_level_max_abs,
    .integer_products = tk_level_integer_products,
    .count_bands = tk_level_count_bands,
    .exp = tk_level_exp,
    .log = tk_level_log,
    .sigmoid = tk_level_sigmoid,
    .softplus = tk_level_softplus,
    .tanh = tk_level_tanh,
    .erf = tk_level_erf,
    .sin = tk_level_sin,
    .cos = tk_level_cos,
    .sincos = tk_level_sincos,
    .pow = tk_level_pow,
    .sqrt = tk_level_sqrt,
    .gather_rows = tk_level_gather_rows,
    .scatter_add_rows = tk_level_scatter_add_rows,
    .segment_sum_rows = tk_level_segment_sum_rows,
    .sgd_rows = tk_level_sgd_rows,
    .adagrad_rows = tk_level_adagrad_rows,
    .weight_decay = tk_level_weight_decay,
    .momentum = tk_level_momentum,
    .adam = tk_level_adam,
    .nadam = tk_level_nadam,
    .adamax = tk_level_adamax,
    .rmsprop = tk_level_rmsprop,
    .adadelta = tk_level_adadelta,
    .ftrl = tk_level_ftrl,
    .clippy_scale = tk_level_clippy_scale,
    .clippy = tk_level_clippy,
    .split_records = tk_level_split_records,
    .count_byte = tk_level_count_byte,
};
