// Matrix products. TK_MR rows by TK_NV vectors of C stay in registers while k runs; see
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

// How a tile's columns are read and written when fewer than 16·nv of them exist.
TK_INLINE void tk_partial_tile(
    tk_tile_kernel kernel, int rows, size_t width, size_t k, const float *a, size_t as,
    const float *b, size_t bs, float *c, size_t ldc, tk_mode mode, const float *bias
) {
    float tile[TK_MR * TK_PANEL] = {0}, padded[TK_PANEL] = {0};
    if (mode == TK_BIAS) __builtin_memcpy(padded, bias, width * sizeof(float));
    for (int r = 0; r < rows && mode == TK_ACCUMULATE; r++) {
        __builtin_memcpy(tile + r * TK_PANEL, c + (size_t)r * ldc, width * sizeof(float));
    }
    kernel(1, k, a, as, b, bs, tile, TK_PANEL, mode, padded);
    for (int r = 0; r < rows; r++) {
        __builtin_memcpy(c + (size_t)r * ldc, tile + r * TK_PANEL, width * sizeof(float));
    }
}

// m rows of C against one panel of at most TK_PANEL columns. All 16-column groups of b can be
// read in full. `half`: the last 8 columns, of a multiple of 16, are 0.
static void tk_panel(
    size_t m, size_t width, bool half, size_t k, const float *a, size_t ars, size_t as, int order,
    const float *b, size_t bs, float *c, size_t ldc, tk_mode mode, const float *bias
) {
    size_t blocks = (m + TK_MR - 1) / TK_MR;
    // Blocks of nearly the same height, the higher ones first: 7 + 6 rows are faster than 12 + 1.
    size_t height = m / blocks, higher = m % blocks;
    for (size_t j = 0; j < width;) {
        size_t left = width - j;
        size_t nv = left > 16 * (TK_NV - 1) ? TK_NV : 1;
        const float *start = mode == TK_BIAS ? bias + j : bias;
        for (size_t i = 0, row = 0; i < blocks;) {
            size_t rows = height + (i < higher), count = i < higher ? higher : blocks - higher;
            tk_tile_kernel kernel = tk_tiles[nv - 1][rows - 1][half && left <= 16 * nv][order];
            const float *from = a + row * ars;
            float *out = c + row * ldc + j;
            if (left >= 16 * nv) {
                kernel(count, k, from, as, b + j, bs, out, ldc, mode, start);
            } else {
                count = 1;
                tk_partial_tile(
                    kernel, (int)rows, left, k, from, as, b + j, bs, out, ldc, mode, start);
            }
            i += count;
            row += count * rows;
        }
        j += 16 * nv;
    }
}

// The k×n operand: element (p, j) is at[j / TK_PANEL · panel_stride + p · stride + j % TK_PANEL].
typedef struct {
    const float *at;
    size_t stride, panel_stride;
    // Whether the last panel has all its columns in memory.
    bool padded;
    // Whether the last 8 of all columns are 0.
    bool half;
} tk_operand;

// One block of k of the whole product. One of the strides of A is 1.
static void tk_gemm_block(
    size_t m, size_t n, size_t k, const float *a, size_t ars, size_t aks, tk_operand b, float *c,
    size_t ldc, tk_mode mode, const float *bias
) {
    int order = aks == 1 ? 0 : 1;
    size_t as = order == 0 ? ars : aks;
    // A last panel that cannot be read in groups of 16 is copied.
    float last[TK_KC * TK_PANEL];
    bool copies = !b.padded && n % 16 != 0;
    size_t tail = n % TK_PANEL, whole = n - tail;
    for (size_t p = 0; copies && p < k; p++) {
        __builtin_memset(last + p * TK_PANEL, 0, TK_PANEL * sizeof(float));
        __builtin_memcpy(last + p * TK_PANEL, b.at + p * b.stride + whole, tail * sizeof(float));
    }
    for (size_t i = 0, rows; i < m; i += rows) {
        // A few rows by themselves would take nearly as long as many.
        rows = m - i < TK_MC + TK_MR ? m - i : TK_MC;
        for (size_t j = 0; j < n; j += TK_PANEL) {
            bool copied = copies && j == whole;
            tk_panel(
                rows, n - j < TK_PANEL ? n - j : TK_PANEL, b.half && n - j <= TK_PANEL, k,
                a + i * ars, ars, as, order,
                copied ? last : b.at + j / TK_PANEL * b.panel_stride,
                copied ? TK_PANEL : b.stride, c + i * ldc + j, ldc, mode,
                mode == TK_BIAS ? bias + j : bias);
        }
    }
}

// A with two strides other than 1: copied, a block at a time.
static __attribute__((noinline)) void tk_gemm_strided(
    size_t m, size_t n, size_t k, const float *a, size_t ars, size_t aks, tk_operand b, float *c,
    size_t ldc, tk_mode mode, const float *bias
) {
    float copy[TK_MC * TK_KC];
    for (size_t i = 0; i < m; i += TK_MC) {
        size_t rows = m - i < TK_MC ? m - i : TK_MC;
        for (size_t r = 0; r < rows; r++) {
            for (size_t p = 0; p < k; p++) copy[r * TK_KC + p] = a[(i + r) * ars + p * aks];
        }
        tk_gemm_block(rows, n, k, copy, TK_KC, 1, b, c + i * ldc, ldc, mode, bias);
    }
}

static void tk_level_gemm(
    size_t m, size_t n, size_t k, const float *a, size_t ars, size_t aks, const float *b,
    size_t ldb, bool packed, float *restrict c, size_t ldc, tk_mode mode, const float *bias
) {
    // A stride that is never taken may as well be 1.
    if (k <= 1) aks = 1;
    if (m <= 1) ars = 1;
    bool padded = mode & TK_PADDED, half = padded && (n - 1) % 16 < 8;
    mode &= ~(unsigned)TK_PADDED;
    if (padded) n = (n + 15) / 16 * 16;
    tk_operand operand = {
        b, packed ? TK_PANEL : ldb, packed ? k * TK_PANEL : TK_PANEL, packed, half,
    };
    size_t p = 0;
    do {
        size_t depth = k - p < TK_KC ? k - p : TK_KC;
        (aks == 1 || ars == 1 ? tk_gemm_block : tk_gemm_strided)(
            m, n, depth, a + p * aks, ars, aks, operand, c, ldc, p == 0 ? mode : TK_ACCUMULATE,
            bias);
        operand.at += depth * operand.stride;
        p += depth;
    } while (p < k);
}
