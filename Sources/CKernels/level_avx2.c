// AVX2 and FMA: a vector of 16 is two registers, a tile of a matrix product 12 of the 16.

#include "table.h"

#if TK_HAS_X86_LEVELS

#define TK_TABLE tk_table_avx2
#define TK_FUSED 1
#define TK_MASKED 0
#define TK_KEEP(vector)
#define TK_MR 6
#define TK_NV 1
#define TK_STEPS 4
#define TK_CHAINS 6
#define TK_PAIR_BITS 256
#define TK_FOR_TILES(X) X(1, 1) X(2, 1) X(3, 1) X(4, 1) X(5, 1) X(6, 1)
#define TK_TILE_LISTS(X) {TK_FOR_TILES(X)}

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "level_body.h"
#pragma clang attribute pop

#endif
