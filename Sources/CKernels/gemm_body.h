// Matrix products, made of tiles. Included once per level.

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


// The last 16 columns, of which a few are in use, of m rows of C. A's columns are contiguous.
static void tk_few_columns_panel(
    size_t columns, size_t m, size_t k, const float *a, size_t as, const float *b, size_t bs,
    float *c, size_t ldc, tk_mode mode, const float *bias
) {
    size_t whole = m / 16 * 16;
    tk_few_columns(columns, whole, k, a, as, b, bs, c, ldc, mode, bias);
    if (whole == m) return;
    tk_panel(
        m - whole, 16, true, k, a + whole, 1, as, 1, b, bs, c + whole * ldc, ldc, mode, bias);
}

// The k×n operand: element (p, j) is at[j / TK_PANEL · panel_stride + p · stride + j % TK_PANEL].
typedef struct {
    const float *at;
    size_t stride, panel_stride;
    // Whether the last panel has all its columns in memory.
    bool padded;
    // Whether the last 8 of all columns are 0.
    bool half;
    // Columns in use of the last 16, where they are few and the others are 0; else 0.
    size_t few;
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
    // Rows of A that follow each other are vectors of them.
    bool few = order == 1 && b.few > 0;
    size_t columns = few ? n - 16 : n;
    for (size_t p = 0; copies && p < k; p++) {
        __builtin_memset(last + p * TK_PANEL, 0, TK_PANEL * sizeof(float));
        __builtin_memcpy(last + p * TK_PANEL, b.at + p * b.stride + whole, tail * sizeof(float));
    }
    for (size_t i = 0, rows; i < m; i += rows) {
        // A few rows by themselves would take nearly as long as many.
        rows = m - i < TK_MC + TK_MR ? m - i : TK_MC;
        for (size_t j = 0; j < columns; j += TK_PANEL) {
            bool copied = copies && j == whole;
            tk_panel(
                rows, columns - j < TK_PANEL ? columns - j : TK_PANEL,
                b.half && !few && n - j <= TK_PANEL, k, a + i * ars, ars, as, order,
                copied ? last : b.at + j / TK_PANEL * b.panel_stride,
                copied ? TK_PANEL : b.stride, c + i * ldc + j, ldc, mode,
                mode == TK_BIAS ? bias + j : bias);
        }
        if (!few) continue;
        tk_few_columns_panel(
            b.few, rows, k, a + i * ars, as,
            b.at + columns / TK_PANEL * b.panel_stride + columns % TK_PANEL, b.stride,
            c + i * ldc + columns, ldc, mode, mode == TK_BIAS ? bias + columns : bias);
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
    size_t few = padded && n % 16 <= TK_FEW ? n % 16 : 0;
    mode &= ~(unsigned)TK_PADDED;
    if (padded) n = (n + 15) / 16 * 16;
    tk_operand operand = {
        b, packed ? TK_PANEL : ldb, packed ? k * TK_PANEL : TK_PANEL, packed, half, few,
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
