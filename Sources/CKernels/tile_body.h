// The tiles of matrix products: TK_MR rows by TK_NV vectors of C stay in registers while k runs; see
// `level_body.h` for the sizes. Included once per level.

enum {
    // Blocks of k: TK_KC rows of a panel (16 KiB) and of A stay in the first cache.
    TK_KC = 128,
    // Rows of A that meet a panel before the next one.
    TK_MC = 48,
};

// One step of a tile: the `u`-th k from where the addresses lie. Rows of A are read in groups of
// three from one address, at which the instructions find them by an index.
enum { TK_GROUP = 3, TK_GROUPS = (TK_MR + TK_GROUP - 1) / TK_GROUP };

TK_INLINE void tk_tile_step(
    const int rows, const int nv, const bool half, const bool a_by_column, const size_t u,
    const float *const at[TK_GROUPS], size_t as, const float *b, tk_f16 acc[TK_MR][TK_NV],
    tk_f8 last[TK_MR]
) {
    tk_f16 x[TK_NV];
    TK_UNROLL
    for (int v = 0; v < nv; v++) x[v] = tk_load(b + 16 * v);
    const tk_f8 rest = half ? tk_load_half(b + 16 * nv) : (tk_f8)0.0f;
    TK_UNROLL
    for (int r = 0; r < rows; r++) {
        tk_f16 y = tk_splat(
            a_by_column ? at[0][u * as + (size_t)r]
                        : at[r / TK_GROUP][(size_t)(r % TK_GROUP) * as + u]);
        // Read once for both: the compiler would spread the half's to the whole by a shuffle, for
        // which a multiply-add waits.
        if (half) TK_KEEP(y);
        TK_UNROLL
        for (int v = 0; v < nv; v++) acc[r][v] = TK_MADD(y, x[v], acc[r][v]);
        if (half) last[r] = TK_MADD(y.lo, rest, last[r]);
    }
}

// Moves the addresses on, and has the compiler keep each: to compute one from another at every row
// takes the places of multiply-adds.
TK_INLINE void tk_advance(const float *at[TK_GROUPS], const int groups, size_t count) {
    TK_UNROLL
    for (int i = 0; i < groups; i++) {
        at[i] += count;
        __asm__("" : "+r"(at[i]));
    }
}

// One tile of C: `rows` × 16·`vectors`. Element (r, p) of A is a[r·as + p], or a[r + p·as] if
// `a_by_column`. With `half` the last vector's second half is 0 and only its first is computed: on
// many machines a vector of 16 takes a unit twice. The constants are constants after inlining, and
// the arrays registers.
TK_INLINE void tk_tile(
    const int rows, const int vectors, const bool half, const bool a_by_column, size_t k,
    const float *a, size_t as, const float *b, size_t bs, float *c, size_t ldc, tk_mode mode,
    const float *bias
) {
    const int nv = half ? vectors - 1 : vectors;
    tk_f16 acc[TK_MR][TK_NV];
    tk_f8 last[TK_MR];
    TK_UNROLL
    for (int r = 0; r < rows; r++) {
        const float *start = mode == TK_ACCUMULATE ? c + (size_t)r * ldc : bias;
        if (mode == TK_OVERWRITE) {
            TK_UNROLL
            for (int v = 0; v < nv; v++) acc[r][v] = tk_splat(0);
            if (half) last[r] = (tk_f8)0.0f;
        } else {
            TK_UNROLL
            for (int v = 0; v < nv; v++) acc[r][v] = tk_load(start + 16 * v);
            if (half) last[r] = tk_load_half(start + 16 * nv);
        }
    }
    // C is often in a cache further away: what will be written is fetched while k runs. Where C is
    // read first, the tile below is, in the order of the products whose C is larger than a cache.
    const size_t ahead = mode == TK_ACCUMULATE ? (size_t)rows : 0;
    if (mode != TK_ACCUMULATE || a_by_column) {
        TK_UNROLL
        for (int r = 0; r < rows; r++) {
            TK_UNROLL
            for (int v = 0; v < vectors; v++) {
                __builtin_prefetch(c + ((size_t)r + ahead) * ldc + 16 * v, 1);
            }
        }
    }
    const int groups = a_by_column ? 1 : (rows + TK_GROUP - 1) / TK_GROUP;
    const size_t step = a_by_column ? as : 1;
    const float *at[TK_GROUPS];
    TK_UNROLL
    for (int i = 0; i < groups; i++) at[i] = a + (size_t)(i * TK_GROUP) * as;
    // Several steps to a turn: the end of a shorter loop is foreseen more often, and a tile's last
    // steps overlap the first of the next.
    TK_NO_UNROLL
    for (; k >= TK_STEPS; k -= TK_STEPS) {
        TK_UNROLL
        for (size_t u = 0; u < TK_STEPS; u++) {
            // The same k of the next block of rows, which lies in another cache line than this
            // one's next k.
            if (a_by_column && rows == TK_MR) __builtin_prefetch(at[0] + u * as + TK_MC);
            tk_tile_step(rows, nv, half, a_by_column, u, at, as, b, acc, last);
            b += bs;
        }
        tk_advance(at, groups, TK_STEPS * step);
    }
    TK_NO_UNROLL
    for (; TK_STEPS > 1 && k > 0; k--) {
        tk_tile_step(rows, nv, half, a_by_column, 0, at, as, b, acc, last);
        tk_advance(at, groups, step);
        b += bs;
    }
    TK_UNROLL
    for (int r = 0; r < rows; r++) {
        TK_UNROLL
        for (int v = 0; v < nv; v++) tk_store(c + (size_t)r * ldc + 16 * v, acc[r][v]);
        if (half) tk_store(c + (size_t)r * ldc + 16 * nv, tk_first_half(last[r]));
    }
}

// `blocks` tiles, one below the other.
typedef void (*tk_tile_kernel)(
    size_t blocks, size_t k, const float *a, size_t as, const float *b, size_t bs, float *c,
    size_t ldc, tk_mode mode, const float *bias);

#define TK_DEFINE_TILE(order, half, by_column, rows, nv)                                       \
    static void tk_tile_##order##_##rows##_##nv(                                               \
        size_t blocks, size_t k, const float *a, size_t as, const float *b, size_t bs,         \
        float *c, size_t ldc, tk_mode mode, const float *bias                                  \
    ) {                                                                                        \
        TK_NO_UNROLL                                                                           \
        for (size_t i = 0; i < blocks; i++) {                                                  \
            tk_tile(rows, nv, half, by_column, k, a, as, b, bs, c, ldc, mode, bias);           \
            a += (by_column) ? (rows) : (rows) * as;                                           \
            c += (rows) * ldc;                                                                 \
        }                                                                                      \
    }
#define TK_DEFINE_TILES(rows, nv)                                                              \
    TK_DEFINE_TILE(across, false, false, rows, nv)                                             \
    TK_DEFINE_TILE(down, false, true, rows, nv)                                                \
    TK_DEFINE_TILE(half_across, true, false, rows, nv)                                         \
    TK_DEFINE_TILE(half_down, true, true, rows, nv)
#define TK_NAME_TILES(rows, nv)                                                                \
    {{tk_tile_across_##rows##_##nv, tk_tile_down_##rows##_##nv},                               \
     {tk_tile_half_across_##rows##_##nv, tk_tile_half_down_##rows##_##nv}},

TK_FOR_TILES(TK_DEFINE_TILES)

// By vectors and rows, both less one, by whether half of the last vector is 0, and by the order of
// A (0: across, 1: down).
static const tk_tile_kernel tk_tiles[TK_NV][TK_MR][2][2] = {TK_TILE_LISTS(TK_NAME_TILES)};
