// AVX-512: a tile of a matrix product is 24 of the 32 registers.

#include "table.h"

#if TK_HAS_X86_LEVELS

#define TK_TABLE tk_table_avx512
#define TK_FUSED 1
#define TK_MR 12
#define TK_NV 2
#define TK_STEPS 1
#define TK_CHAINS 16
#define TK_PAIR_BITS 512
#define TK_TILES_OF(X, nv)                                                                     \
    X(1, nv) X(2, nv) X(3, nv) X(4, nv) X(5, nv) X(6, nv)                                      \
    X(7, nv) X(8, nv) X(9, nv) X(10, nv) X(11, nv) X(12, nv)
#define TK_FOR_TILES(X) TK_TILES_OF(X, 1) TK_TILES_OF(X, 2)
#define TK_TILE_LISTS(X) {TK_TILES_OF(X, 1)}, {TK_TILES_OF(X, 2)}

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#include "level_body.h"
#pragma clang attribute pop

#endif
