// The base architecture: SSE2, or NEON with its multiply-add.

#include "table.h"

#define TK_TABLE tk_table_plain
#define TK_MASKED 0
#define TK_KEEP(vector)
#define TK_NV 1
#define TK_STEPS 1
#define TK_PAIR_BITS 0
#if defined(__aarch64__)
#define TK_FUSED 1
#define TK_MR 6
#define TK_CHAINS 6
#define TK_FOR_TILES(X) X(1, 1) X(2, 1) X(3, 1) X(4, 1) X(5, 1) X(6, 1)
#else
#define TK_FUSED 0
#define TK_MR 2
#define TK_CHAINS 3
#define TK_FOR_TILES(X) X(1, 1) X(2, 1)
#endif
#define TK_TILE_LISTS(X) {TK_FOR_TILES(X)}

#include "level_body.h"
