// The last few columns of products with padded rows, by vectors of rows. Included once per level.

// The most columns for which that is faster than half a vector of them, and the vectors at once.
enum { TK_FEW = 4, TK_FEW_ROWS = TK_MR < 8 ? 1 : TK_MR / 4 };

// Four columns of 16 rows of C, each a vector.
TK_INLINE void tk_load_columns(tk_f16 x[4], const float *c, size_t ldc) {
    const float *rows[16];
    TK_UNROLL
    for (size_t r = 0; r < 16; r++) rows[r] = c + r * ldc;
    tk_load_four(rows, 0, x);
}

TK_INLINE void tk_store_columns(float *c, size_t ldc, tk_f16 x[4]) {
    tk_transpose_quarters(x);
    TK_UNROLL
    for (size_t v = 0; v < 4; v++, c += ldc) {
        *(tk_f4_unaligned *)c = x[v].lo.lo;
        *(tk_f4_unaligned *)(c + 4 * ldc) = x[v].lo.hi;
        *(tk_f4_unaligned *)(c + 8 * ldc) = x[v].hi.lo;
        *(tk_f4_unaligned *)(c + 12 * ldc) = x[v].hi.hi;
    }
}

// 16·vectors rows of the first `columns` of 16 columns of C, the others of which are 0. For each 16
// rows that is a multiply-add a column, where a tile takes 8. Each number is the same chain. Element
// (r, p) of A is a[r + p·as].
TK_INLINE void tk_few_columns_tile(
    const int columns, const int vectors, size_t k, const float *a, size_t as, const float *b,
    size_t bs, float *c, size_t ldc, tk_mode mode, const float *bias
) {
    tk_f16 acc[TK_FEW_ROWS][TK_FEW];
    TK_UNROLL
    for (int v = 0; v < vectors; v++) {
        TK_UNROLL
        for (int j = 0; j < TK_FEW; j++) {
            acc[v][j] = tk_splat(mode == TK_BIAS && j < columns ? bias[j] : 0);
        }
        if (mode == TK_ACCUMULATE) tk_load_columns(acc[v], c + (size_t)(16 * v) * ldc, ldc);
    }
    TK_NO_UNROLL
    for (; k > 0; k--, a += as, b += bs) {
        TK_UNROLL
        for (int j = 0; j < columns; j++) {
            TK_UNROLL
            for (int v = 0; v < vectors; v++) {
                acc[v][j] = TK_MADD(tk_splat(b[j]), tk_load(a + 16 * v), acc[v][j]);
            }
        }
    }
    for (int r = 0; r < 16 * vectors && mode != TK_ACCUMULATE; r++) {
        tk_store(c + (size_t)r * ldc, tk_splat(0));
    }
    TK_UNROLL
    for (int v = 0; v < vectors; v++) tk_store_columns(c + (size_t)(16 * v) * ldc, ldc, acc[v]);
}

// The same for m rows, a multiple of 16.
TK_INLINE void tk_few_columns_of_rows(
    const int columns, size_t m, size_t k, const float *a, size_t as, const float *b, size_t bs,
    float *c, size_t ldc, tk_mode mode, const float *bias
) {
    enum { ROWS = 16 * TK_FEW_ROWS };
    for (; m >= ROWS; m -= ROWS, a += ROWS, c += ROWS * ldc) {
        tk_few_columns_tile(columns, TK_FEW_ROWS, k, a, as, b, bs, c, ldc, mode, bias);
    }
    for (; m > 0; m -= 16, a += 16, c += 16 * ldc) {
        tk_few_columns_tile(columns, 1, k, a, as, b, bs, c, ldc, mode, bias);
    }
}

// The same for a number of columns, up to TK_FEW, that is no constant.
static void tk_few_columns(
    size_t columns, size_t m, size_t k, const float *a, size_t as, const float *b, size_t bs,
    float *c, size_t ldc, tk_mode mode, const float *bias
) {
    switch (columns) {
    case 1: tk_few_columns_of_rows(1, m, k, a, as, b, bs, c, ldc, mode, bias); break;
    case 2: tk_few_columns_of_rows(2, m, k, a, as, b, bs, c, ldc, mode, bias); break;
    case 3: tk_few_columns_of_rows(3, m, k, a, as, b, bs, c, ldc, mode, bias); break;
    default: tk_few_columns_of_rows(4, m, k, a, as, b, bs, c, ldc, mode, bias); break;
    }
}
