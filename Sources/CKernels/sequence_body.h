// Encoders of sequences. Included once per level.

// MARK: Dropout

// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
TK_INLINE uint64_t tk_mix(uint64_t z) {
    z += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

// What numbers are multiplied by, by a hash of their columns and the halves of their rows' keys.
TK_INLINE tk_f16 tk_kept(const tk_dropout *d, tk_u16 column, tk_u16 low, tk_u16 high) {
    tk_u16 x = column * 0x9e3779b9u + low;
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x = (x ^ (x >> 15)) + high;
    x = (x ^ (x >> 13)) * 0x846ca68bu;
    return (x ^ (x >> 16)) < d->threshold ? tk_splat(0) : tk_splat(d->scale);
}

TK_INLINE uint64_t tk_row_key(const tk_dropout *d, uint64_t id) { return tk_mix(d->site ^ id); }

static void tk_level_drop_rows(
    float *dst, const float *src, size_t rows, size_t columns, const tk_dropout *dropout,
    const uint64_t *ids, bool accumulate
) {
    for (size_t i = 0; i < rows; i++, dst += columns, src += columns) {
        uint64_t key = dropout ? tk_row_key(dropout, ids[i]) : 0;
        tk_u16 low = (tk_u16)(uint32_t)key, high = (tk_u16)(uint32_t)(key >> 32);
        for (size_t j = 0; j < columns; j += 16) {
            tk_f16 x = tk_load(src + j);
            if (dropout) x *= tk_kept(dropout, (tk_u16)tk_lane() + (uint32_t)j, low, high);
            tk_store(dst + j, accumulate ? tk_load(dst + j) + x : x);
        }
    }
}

// MARK: Rows in and out

static void tk_level_place_rows(
    float *restrict dst, size_t ldd, const float *src, size_t lds, size_t n, size_t rows,
    float scale, const float *table, const int32_t *positions
) {
    for (size_t i = 0; i < rows; i++, dst += ldd, src += lds) {
        const float *position = table ? table + (size_t)positions[i] * ldd : NULL;
        for (size_t j = 0; j < n; j += 16) {
            tk_f16 x = tk_get(src + j, n - j < 16 ? n - j : 16) * scale;
            tk_store(dst + j, position ? x + tk_load(position + j) : x);
        }
    }
}

static void tk_level_take_rows(
    float *restrict dst, size_t ldd, const float *src, size_t lds, size_t n, size_t rows,
    float scale
) {
    for (size_t i = 0; i < rows; i++, dst += ldd, src += lds) {
        size_t j = 0;
        for (; j + 16 <= n; j += 16) tk_store(dst + j, tk_load(src + j) * scale);
        if (j < n) tk_store_part(dst + j, tk_load(src + j) * scale, n - j);
    }
}

static void tk_level_add_rows(float *restrict dst, const float *src, size_t ld, size_t rows) {
    for (size_t j = 0; j < ld; j += 16) {
        tk_f16 sum = tk_load(dst + j);
        for (size_t i = 0; i < rows; i++) sum += tk_load(src + i * ld + j);
        tk_store(dst + j, sum);
    }
}

// MARK: Layer normalization

// Rows that are worked on at once, so that the sums of one hide what those of another wait for.
enum { TK_FOUR = 4 };

// `tk_fold_sum` of four vectors.
TK_INLINE tk_f4 tk_fold_sums(const tk_f16 x[TK_FOUR]) {
    tk_f4 b[TK_FOUR];
    TK_UNROLL
    for (int r = 0; r < TK_FOUR; r++) {
        tk_f8 a = x[r].lo + x[r].hi;
        b[r] = a.lo + a.hi;
    }
    tk_f4 first = __builtin_shufflevector(b[0], b[1], 0, 1, 4, 5)
                  + __builtin_shufflevector(b[0], b[1], 2, 3, 6, 7);
    tk_f4 second = __builtin_shufflevector(b[2], b[3], 0, 1, 4, 5)
                   + __builtin_shufflevector(b[2], b[3], 2, 3, 6, 7);
    return __builtin_shufflevector(first, second, 0, 2, 4, 6)
           + __builtin_shufflevector(first, second, 1, 3, 5, 7);
}

TK_INLINE size_t tk_least(size_t a, size_t b) { return a < b ? a : b; }

// Where four rows begin, the last one again where there are fewer.
TK_INLINE void tk_four_rows(const float *x, size_t ld, size_t rows, const float *four[TK_FOUR]) {
    TK_UNROLL
    for (size_t r = 0; r < TK_FOUR; r++) four[r] = x + tk_least(r, rows - 1) * ld;
}

// 0 from n on.
TK_INLINE tk_f16 tk_within(tk_f16 x, size_t j, size_t n) {
    return j + 16 <= n ? x : (tk_first(n - j) ? x : tk_splat(0));
}

static void tk_level_normalize_rows(
    const float *x, size_t ld, size_t n, size_t rows, float epsilon, float *restrict normalized,
    float *restrict scales
) {
    for (size_t i = 0; i < rows; i += TK_FOUR) {
        const float *row[TK_FOUR];
        tk_four_rows(x + i * ld, ld, rows - i, row);
        tk_f16 sums[TK_FOUR] = {0}, squares[TK_FOUR] = {0};
        for (size_t j = 0; j < n; j += 16) {
            TK_UNROLL
            for (int r = 0; r < TK_FOUR; r++) sums[r] += tk_load(row[r] + j);
        }
        tk_f4 mean = tk_fold_sums(sums) / (float)n;
        for (size_t j = 0; j < n; j += 16) {
            TK_UNROLL
            for (int r = 0; r < TK_FOUR; r++) {
                tk_f16 d = tk_within(tk_load(row[r] + j) - mean[r], j, n);
                squares[r] = TK_MADD(d, d, squares[r]);
            }
        }
        tk_f4 variance = tk_fold_sums(squares) / (float)n;
        for (size_t r = 0; r < tk_least(rows - i, TK_FOUR); r++) {
            float scale = 1 / __builtin_sqrtf(variance[r] + epsilon);
            for (size_t j = 0; j < n; j += 16) {
                tk_f16 d = tk_within(tk_load(row[r] + j) - mean[r], j, n);
                tk_store(normalized + (i + r) * ld + j, d * scale);
            }
            scales[i + r] = scale;
        }
    }
}

// (g − mean(g) − x̂ mean(g x̂)) · scale, where g is the gradient of x̂.
static void tk_level_normalize_rows_gradient(
    const float *g, const float *normalized, const float *scales, size_t ld, size_t n,
    size_t rows, float *restrict of_x, bool accumulate
) {
    for (size_t i = 0; i < rows; i += TK_FOUR) {
        const float *row[TK_FOUR], *y[TK_FOUR];
        tk_four_rows(normalized + i * ld, ld, rows - i, row);
        tk_four_rows(g + i * ld, ld, rows - i, y);
        tk_f16 sums[TK_FOUR] = {0}, slopes[TK_FOUR] = {0};
        for (size_t j = 0; j < n; j += 16) {
            TK_UNROLL
            for (int r = 0; r < TK_FOUR; r++) {
                tk_f16 d = tk_load(y[r] + j);
                sums[r] += d;
                slopes[r] = TK_MADD(d, tk_load(row[r] + j), slopes[r]);
            }
        }
        tk_f4 mean = tk_fold_sums(sums) / (float)n, slope = tk_fold_sums(slopes) / (float)n;
        for (size_t r = 0; r < tk_least(rows - i, TK_FOUR); r++) {
            float *to = of_x + (i + r) * ld;
            for (size_t j = 0; j < n; j += 16) {
                tk_f16 d = tk_load(y[r] + j) - mean[r] - tk_load(row[r] + j) * slope[r];
                d = tk_within(d * scales[i + r], j, n);
                tk_store(to + j, accumulate ? tk_load(to + j) + d : d);
            }
        }
    }
}

static void tk_level_scale_rows(
    const float *x, size_t ld, size_t rows, const float *gamma, const float *beta,
    float *restrict y
) {
    for (size_t i = 0; i < rows; i++, x += ld, y += ld) {
        for (size_t j = 0; j < ld; j += 16) {
            tk_store(y + j, TK_MADD(tk_load(x + j), tk_load(gamma + j), tk_load(beta + j)));
        }
    }
}

static void tk_level_scale_rows_gradient(
    float *restrict of_y, const float *x, size_t ld, size_t rows, const float *gamma,
    float *restrict of_gamma, float *restrict of_beta
) {
    for (size_t j = 0; j < ld; j += 16) {
        tk_f16 slopes = tk_load(of_gamma + j), sum = tk_load(of_beta + j);
        const tk_f16 factor = tk_load(gamma + j);
        for (size_t i = 0; i < rows; i++) {
            tk_f16 d = tk_load(of_y + i * ld + j);
            slopes = TK_MADD(d, tk_load(x + i * ld + j), slopes);
            sum += d;
            tk_store(of_y + i * ld + j, d * factor);
        }
        tk_store(of_gamma + j, slopes);
        tk_store(of_beta + j, sum);
    }
}

// MARK: Gains within kernels

static void tk_level_fold_gains(
    const float *kernel, size_t rows, size_t columns, const float *gamma, const float *beta,
    float *restrict folded, float *restrict bias
) {
    for (size_t j = 0; j < columns; j += 16) {
        const size_t r = tk_least(columns - j, 16);
        tk_f16 sum = tk_get(bias + j, r);
        for (size_t i = 0; i < rows; i++) {
            tk_f16 x = tk_get(kernel + i * columns + j, r);
            tk_put(folded + i * columns + j, x * gamma[i], r);
            sum = TK_MADD(x, tk_splat(beta[i]), sum);
        }
        tk_put(bias + j, sum, r);
    }
}

static void tk_level_unfold_gains_gradient(
    const float *kernel, size_t rows, size_t columns, const float *gamma, const float *beta,
    float *restrict of_kernel, const float *of_bias, float *restrict of_gamma,
    float *restrict of_beta
) {
    for (size_t i = 0; i < rows; i++, kernel += columns, of_kernel += columns) {
        tk_f16 slopes = tk_splat(0), sums = tk_splat(0);
        for (size_t j = 0; j < columns; j += 16) {
            const size_t r = tk_least(columns - j, 16);
            tk_f16 w = tk_get(kernel + j, r), d = tk_get(of_kernel + j, r);
            tk_f16 b = tk_get(of_bias + j, r);
            slopes = TK_MADD(w, d, slopes);
            sums = TK_MADD(w, b, sums);
            tk_put(of_kernel + j, TK_MADD(b, tk_splat(beta[i]), d * gamma[i]), r);
        }
        of_gamma[i] += tk_fold_sum(slopes);
        of_beta[i] += tk_fold_sum(sums);
    }
}

// MARK: The network's activation

static void tk_level_relu(float *x, size_t n) {
    for (size_t j = 0; j < n; j += 16) {
        tk_f16 y = tk_load(x + j);
        tk_store(x + j, y < 0 ? tk_splat(0) : y);
    }
}

static void tk_level_relu_gradient(
    float *restrict of_y, const float *y, size_t n, float scale
) {
    for (size_t j = 0; j < n; j += 16) {
        tk_f16 dy = tk_load(of_y + j) * scale;
        tk_store(of_y + j, tk_load(y + j) > 0 ? dy : tk_splat(0));
    }
}
