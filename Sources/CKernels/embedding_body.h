// Rows of embedding tables, and the updates of optimizers. Every operation is rounded by itself.
// Included once per level.

// Tables are larger than any cache, and nothing foresees which row comes next but the list.
enum { TK_ROWS_AHEAD = 8 };

TK_INLINE void tk_fetch_row(const float *row, size_t dim) {
    TK_NO_UNROLL
    for (size_t j = 0; j < dim; j += 16) __builtin_prefetch(row + j);
}

static void tk_level_gather_rows(
    float *restrict dst, size_t ldd, const float *table, size_t ldt, size_t dim,
    const int32_t *idx, size_t n
) {
    for (size_t i = 0; i < n; i++) {
        if (i + TK_ROWS_AHEAD < n) {
            tk_fetch_row(table + (size_t)idx[i + TK_ROWS_AHEAD] * ldt, dim);
        }
        const float *from = table + (size_t)idx[i] * ldt;
        float *to = dst + i * ldd;
        size_t j = 0;
        for (; j + 16 <= dim; j += 16) tk_store(to + j, tk_load(from + j));
        TK_NO_UNROLL
        for (; j < dim; j++) to[j] = from[j];
    }
}

static void tk_level_scatter_add_rows(
    float *restrict dst, size_t ldd, const float *src, size_t lds, size_t dim,
    const int32_t *idx, size_t n
) {
    for (size_t i = 0; i < n; i++) {
        if (i + TK_ROWS_AHEAD < n) tk_fetch_row(dst + (size_t)idx[i + TK_ROWS_AHEAD] * ldd, dim);
        const float *from = src + i * lds;
        float *to = dst + (size_t)idx[i] * ldd;
        size_t j = 0;
        for (; j + 16 <= dim; j += 16) tk_store(to + j, tk_load(to + j) + tk_load(from + j));
        TK_NO_UNROLL
        for (; j < dim; j++) to[j] += from[j];
    }
}

static void tk_level_segment_sum_rows(
    float *restrict dst, size_t ldd, const float *src, size_t lds, size_t dim,
    const int32_t *members, const int32_t *offsets, size_t n, bool accumulate
) {
    for (size_t i = 0; i < n; i++) {
        const int32_t *first = members + offsets[i], *end = members + offsets[i + 1];
        float *to = dst + i * ldd;
        size_t j = 0;
        for (; j + 32 <= dim; j += 32) {
            tk_f16 low = accumulate ? tk_load(to + j) : tk_splat(0);
            tk_f16 high = accumulate ? tk_load(to + j + 16) : tk_splat(0);
            for (const int32_t *m = first; m < end; m++) {
                const float *from = src + (size_t)*m * lds + j;
                low += tk_load(from);
                high += tk_load(from + 16);
            }
            tk_store(to + j, low);
            tk_store(to + j + 16, high);
        }
        for (; j + 16 <= dim; j += 16) {
            tk_f16 sum = accumulate ? tk_load(to + j) : tk_splat(0);
            for (const int32_t *m = first; m < end; m++) {
                sum += tk_load(src + (size_t)*m * lds + j);
            }
            tk_store(to + j, sum);
        }
        TK_NO_UNROLL
        for (; j < dim; j++) {
            float sum = accumulate ? to[j] : 0;
            TK_NO_UNROLL
            for (const int32_t *m = first; m < end; m++) sum += src[(size_t)*m * lds + j];
            to[j] = sum;
        }
    }
}

static void tk_level_sgd_rows(
    float *restrict table, size_t ld, size_t dim, const int32_t *idx, const float *grads,
    size_t ldg, size_t n, float lr
) {
    for (size_t i = 0; i < n; i++) {
        if (i + TK_ROWS_AHEAD < n) tk_fetch_row(table + (size_t)idx[i + TK_ROWS_AHEAD] * ld, dim);
        const float *g = grads + i * ldg;
        float *w = table + (size_t)idx[i] * ld;
        size_t j = 0;
        for (; j + 16 <= dim; j += 16) tk_store(w + j, tk_load(w + j) - tk_load(g + j) * lr);
        TK_NO_UNROLL
        for (; j < dim; j++) w[j] -= g[j] * lr;
    }
}

TK_INLINE tk_f16 tk_adagrad_step(tk_f16 w, tk_f16 acc, tk_f16 g, float lr, float eps) {
    return w - (g * lr) / __builtin_elementwise_sqrt(acc + eps);
}

static void tk_level_adagrad_rows(
    float *restrict table, float *restrict acc, size_t ld, size_t dim, const int32_t *idx,
    const float *grads, size_t ldg, size_t n, float lr, float eps
) {
    for (size_t i = 0; i < n; i++) {
        if (i + TK_ROWS_AHEAD < n) {
            size_t next = (size_t)idx[i + TK_ROWS_AHEAD] * ld;
            tk_fetch_row(table + next, dim);
            tk_fetch_row(acc + next, dim);
        }
        const float *from = grads + i * ldg;
        float *w = table + (size_t)idx[i] * ld, *a = acc + (size_t)idx[i] * ld;
        size_t j = 0;
        for (; j + 16 <= dim; j += 16) {
            tk_f16 g = tk_load(from + j);
            tk_f16 sum = tk_load(a + j) + g * g;
            tk_store(a + j, sum);
            tk_store(w + j, tk_adagrad_step(tk_load(w + j), sum, g, lr, eps));
        }
        if (j < dim) {
            size_t r = dim - j;
            tk_f16 g = tk_load_part(from + j, r);
            tk_f16 sum = tk_load_part(a + j, r) + g * g;
            tk_store_part(a + j, sum, r);
            tk_store_part(w + j, tk_adagrad_step(tk_load_part(w + j, r), sum, g, lr, eps), r);
        }
    }
}
