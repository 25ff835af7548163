// Encoders of sequences. Included once per level.

// MARK: Dropout

// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
TK_INLINE uint64_t tk_mix(uint64_t z) {
    z += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

// 16 hashes of a row's key and the columns from j on.
TK_INLINE tk_u16 tk_hash(uint64_t key, size_t j) {
    const tk_u16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    tk_u16 x = (lane + (uint32_t)j) * 0x9e3779b9u + (uint32_t)key;
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x = (x ^ (x >> 15)) + (uint32_t)(key >> 32);
    x = (x ^ (x >> 13)) * 0x846ca68bu;
    return x ^ (x >> 16);
}

// What the numbers from j on are multiplied by.
TK_INLINE tk_f16 tk_kept(const tk_dropout *d, uint64_t key, size_t j) {
    return tk_hash(key, j) < d->threshold ? tk_splat(0) : tk_splat(d->scale);
}

TK_INLINE uint64_t tk_row_key(const tk_dropout *d, uint64_t id) { return tk_mix(d->site ^ id); }

static void tk_level_drop_rows(
    float *dst, const float *src, size_t rows, size_t columns, const tk_dropout *dropout,
    const uint64_t *ids, bool accumulate
) {
    for (size_t i = 0; i < rows; i++, dst += columns, src += columns) {
        uint64_t key = dropout ? tk_row_key(dropout, ids[i]) : 0;
        for (size_t j = 0; j < columns; j += 16) {
            tk_f16 x = tk_load(src + j);
            if (dropout) x *= tk_kept(dropout, key, j);
            tk_store(dst + j, accumulate ? tk_load(dst + j) + x : x);
        }
    }
}

// MARK: Rows in and out

static void tk_level_place_rows(
    float *restrict dst, size_t ld, const float *src, size_t n, size_t rows, float scale,
    const float *table, const int32_t *positions
) {
    for (size_t i = 0; i < rows; i++, dst += ld, src += n) {
        const float *position = table ? table + (size_t)positions[i] * ld : NULL;
        for (size_t j = 0; j < n; j += 16) {
            tk_f16 x = tk_get(src + j, n - j < 16 ? n - j : 16) * scale;
            tk_store(dst + j, position ? x + tk_load(position + j) : x);
        }
    }
}

static void tk_level_take_rows(
    float *restrict dst, const float *src, size_t ld, size_t n, size_t rows, float scale
) {
    for (size_t i = 0; i < rows; i++, dst += n, src += ld) {
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

// 0 from n on.
TK_INLINE tk_f16 tk_within(tk_f16 x, size_t j, size_t n) {
    return j + 16 <= n ? x : (tk_first(n - j) ? x : tk_splat(0));
}

static void tk_level_normalize_rows(
    const float *x, size_t ld, size_t n, size_t rows, float epsilon, const float *gamma,
    const float *beta, float *restrict normalized, float *restrict scales, float *restrict y
) {
    for (size_t i = 0; i < rows; i++, x += ld, normalized += ld, y += ld) {
        tk_f16 sum = tk_splat(0), squares = tk_splat(0);
        for (size_t j = 0; j < n; j += 16) sum += tk_load(x + j);
        float mean = tk_fold_sum(sum) / (float)n;
        for (size_t j = 0; j < n; j += 16) {
            tk_f16 d = tk_within(tk_load(x + j) - mean, j, n);
            squares = TK_MADD(d, d, squares);
            tk_store(normalized + j, d);
        }
        float variance = tk_fold_sum(squares) / (float)n;
        float scale = 1 / __builtin_sqrtf(variance + epsilon);
        for (size_t j = 0; j < n; j += 16) {
            tk_f16 z = tk_load(normalized + j) * scale;
            tk_store(normalized + j, z);
            tk_store(y + j, TK_MADD(z, tk_load(gamma + j), tk_load(beta + j)));
        }
        scales[i] = scale;
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

// (g − mean(g) − x̂ mean(g x̂)) · scale, where g is the gradient of x̂.
static void tk_level_normalize_rows_gradient(
    const float *of_y, const float *normalized, const float *scales, size_t ld, size_t n,
    size_t rows, const float *gamma, float *restrict of_x, float *restrict of_gamma,
    float *restrict of_beta
) {
    for (size_t i = 0; i < rows; i++, of_y += ld, normalized += ld, of_x += ld) {
        tk_f16 sum = tk_splat(0), slopes = tk_splat(0);
        for (size_t j = 0; j < n; j += 16) {
            tk_f16 dy = tk_load(of_y + j), x = tk_load(normalized + j);
            tk_f16 g = dy * tk_load(gamma + j);
            sum += g;
            slopes = TK_MADD(g, x, slopes);
            tk_store(of_gamma + j, TK_MADD(dy, x, tk_load(of_gamma + j)));
            tk_store(of_beta + j, tk_load(of_beta + j) + dy);
        }
        float mean = tk_fold_sum(sum) / (float)n, slope = tk_fold_sum(slopes) / (float)n;
        for (size_t j = 0; j < n; j += 16) {
            tk_f16 g = tk_load(of_y + j) * tk_load(gamma + j);
            tk_f16 dx = (g - mean - tk_load(normalized + j) * slope) * scales[i];
            tk_store(of_x + j, tk_load(of_x + j) + tk_within(dx, j, n));
        }
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

// MARK: Attention

// The rows that are worked on at once. Products of a block run up to its end over weights that
// are 0 above the diagonal, so this number, the same at every level, decides where zeros are added.
enum { TK_ATTENTION_ROWS = 12 };

// The greatest number; where one is NaN, that or another, whose softmax is NaN all the same.
TK_INLINE float tk_fold_max_in_halves(tk_f16 x) {
    typedef float f4 __attribute__((ext_vector_type(4)));
    tk_f8 a = x.lo > x.hi ? x.lo : x.hi;
    f4 b = a.lo > a.hi ? a.lo : a.hi;
    float c = b.x > b.z ? b.x : b.z, d = b.y > b.w ? b.y : b.w;
    return c > d ? c : d;
}

// The softmax of the first n of `ld` scores, times `scale`; the others become 0.
TK_INLINE void tk_prefix_softmax(float *row, size_t n, size_t ld, float scale) {
    tk_f16 greatest = tk_splat(-__builtin_inff()), sum = tk_splat(0);
    for (size_t j = 0; j < n; j += 16) {
        tk_f16 x = tk_load(row + j) * scale;
        x = n - j < 16 ? (tk_first(n - j) ? x : tk_splat(-__builtin_inff())) : x;
        greatest = tk_greater(greatest, x);
        tk_store(row + j, x);
    }
    float m = tk_fold_max_in_halves(greatest);
    for (size_t j = 0; j < n; j += 16) {
        tk_f16 y = tk_exp_vector(tk_load(row + j) - m);
        sum += y;
        tk_store(row + j, y);
    }
    tk_f16 share = tk_splat(1 / tk_fold_sum(sum));
    for (size_t j = 0; j < n; j += 16) tk_store(row + j, tk_load(row + j) * share);
    for (size_t j = (n + 15) / 16 * 16; j < ld; j += 16) tk_store(row + j, tk_splat(0));
}

// How products whose columns are a head's numbers start.
TK_INLINE tk_mode tk_head_mode(const tk_attention *a) {
    return a->columns > a->width ? TK_OVERWRITE | TK_PADDED : TK_OVERWRITE;
}

static void tk_level_attend(const tk_attention *a, float *restrict outputs) {
    const size_t ld = a->ld, ldw = a->ldw;
    const tk_mode mode = tk_head_mode(a);
    tk_pack(a->keys, a->steps, a->width, ld, 1, a->packed);
    for (size_t i = 0; i < a->steps; i += TK_ATTENTION_ROWS) {
        size_t left = a->steps - i, rows = left < TK_ATTENTION_ROWS ? left : TK_ATTENTION_ROWS;
        size_t seen = i + rows;
        float *weights = a->weights + i * ldw;
        const float *used = weights;
        tk_level_gemm(
            rows, (seen + 15) / 16 * 16, a->width, a->queries + i * ld, ld, 1, a->packed, 0, true,
            weights, ldw, TK_OVERWRITE, NULL);
        for (size_t r = 0; r < rows; r++) {
            tk_prefix_softmax(weights + r * ldw, i + r + 1, ldw, a->scale);
        }
        if (a->dropout) {
            tk_level_drop_rows(
                a->dropped + i * ldw, weights, rows, ldw, a->dropout, a->ids + i, false);
            used = a->dropped + i * ldw;
        }
        tk_level_gemm(
            rows, a->width, seen, used, ldw, 1, a->values, ld, false, outputs + i * ld, ld, mode,
            NULL);
    }
}

// scale · w · (s − Σ w s) in the place of the first n of `ld` slopes s of the weights w.
TK_INLINE void tk_prefix_softmax_gradient(
    const float *weights, float *slopes, size_t n, size_t ld, float scale
) {
    tk_f16 sum = tk_splat(0);
    for (size_t j = 0; j < n; j += 16) {
        sum = TK_MADD(tk_load(weights + j), tk_load(slopes + j), sum);
    }
    float mean = tk_fold_sum(sum);
    for (size_t j = 0; j < n; j += 16) {
        tk_f16 d = (tk_load(slopes + j) - mean) * scale;
        tk_store(slopes + j, tk_load(weights + j) * d);
    }
    for (size_t j = (n + 15) / 16 * 16; j < ld; j += 16) tk_store(slopes + j, tk_splat(0));
}

static void tk_level_attend_gradient(
    const tk_attention *a, const float *of_outputs, float *restrict of_queries,
    float *restrict of_keys, float *restrict of_values
) {
    const size_t ld = a->ld, ldw = a->ldw;
    const tk_mode mode = tk_head_mode(a);
    tk_pack(a->values, a->steps, a->width, ld, 1, a->packed);
    for (size_t i = 0; i < a->steps; i += TK_ATTENTION_ROWS) {
        size_t left = a->steps - i, rows = left < TK_ATTENTION_ROWS ? left : TK_ATTENTION_ROWS;
        size_t seen = i + rows;
        float *slopes = a->slopes + i * ldw;
        const float *weights = a->weights + i * ldw;
        tk_level_gemm(
            rows, (seen + 15) / 16 * 16, a->width, of_outputs + i * ld, ld, 1, a->packed, 0, true,
            slopes, ldw, TK_OVERWRITE, NULL);
        if (a->dropout) {
            tk_level_drop_rows(
                a->dropped + i * ldw, weights, rows, ldw, a->dropout, a->ids + i, false);
            tk_level_drop_rows(slopes, slopes, rows, ldw, a->dropout, a->ids + i, false);
        }
        for (size_t r = 0; r < rows; r++) {
            tk_prefix_softmax_gradient(
                weights + r * ldw, slopes + r * ldw, i + r + 1, ldw, a->scale);
        }
        tk_level_gemm(
            rows, a->width, seen, slopes, ldw, 1, a->keys, ld, false, of_queries + i * ld, ld, mode,
            NULL);
    }
    const float *used = a->dropout ? a->dropped : a->weights;
    for (size_t j = 0; j < a->steps; j += TK_ATTENTION_ROWS) {
        size_t left = a->steps - j, rows = left < TK_ATTENTION_ROWS ? left : TK_ATTENTION_ROWS;
        size_t start = j * ldw + j;
        tk_level_gemm(
            rows, a->width, left, a->slopes + start, 1, ldw, a->queries + j * ld, ld, false,
            of_keys + j * ld, ld, mode, NULL);
        tk_level_gemm(
            rows, a->width, left, used + start, 1, ldw, of_outputs + j * ld, ld, false,
            of_values + j * ld, ld, mode, NULL);
    }
}
